"""How a picture looks, by light and by night. A page that embeds one may set the variables."""

STYLE = """\
.picture{--paper:#fff;--ink:#1c2733;--soft:#57606a;--line:#8c959f;--band:#f3f5f7;--box:#fff;\
--worth1:#57606a;--worth2:#9a6700;--worth3:#cf222e;--vpc:#0969da;background:var(--paper);\
font:12px system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){.picture{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;\
--line:#6e7681;--band:#161b22;--box:#21262d;--worth1:#9198a1;--worth2:#d29922;--worth3:#ff7b72;\
--vpc:#58a6ff}}
.picture text{fill:var(--ink)}
.picture .column,.picture .service,.picture .of-stack{fill:var(--soft)}
.picture .column{font-weight:600}
.picture .service,.picture .of-vpc{font-size:10px}
.picture .name{font-weight:600}
.picture .stack rect{fill:var(--band)}
.picture .vpc rect{fill:none;stroke:var(--vpc);stroke-dasharray:2 3}
.picture .of-vpc{fill:var(--vpc)}
.picture .of-stack,.picture .of-vpc{paint-order:stroke;stroke:var(--band);stroke-width:3px}
.picture .boundary{stroke:var(--line);stroke-dasharray:6 5;fill:none}
.picture .box{fill:var(--box);stroke:var(--line)}
.picture .kind-people .box,.picture .kind-browser .box{stroke-width:2}
.picture .kind-host .box,.picture .kind-internet .box,.picture .kind-recipients .box\
{stroke-dasharray:4 3}
.picture .risk-2 .stars{fill:var(--worth2)}
.picture .risk-3 .stars{fill:var(--worth3)}
.picture .edge path{fill:none;stroke:var(--line);stroke-width:1.25}
.picture .worth-1 path{stroke:var(--worth1)}
.picture .worth-2 path{stroke:var(--worth2);stroke-width:1.75}
.picture .worth-3 path{stroke:var(--worth3);stroke-width:2.25}
.picture .maybe path{stroke-dasharray:5 4}
.picture .level-takeover path,.picture .level-influence path{stroke-dasharray:1.5 4}
.picture .tip-0{fill:var(--line)}
.picture .tip-1{fill:var(--worth1)}
.picture .tip-2{fill:var(--worth2)}
.picture .tip-3{fill:var(--worth3)}
@media print{.picture{--paper:#fff;--ink:#000;--band:#fff;--box:#fff}}
"""
