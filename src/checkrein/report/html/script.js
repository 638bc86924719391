// Views, filters, paths and keys. Without this script the page is read as it stands.
// Text from the scanned repository only ever becomes a text node or a label: no innerHTML.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { classes, texts, sets, moves, findings, nodes, edges, lines, steps, ways, groups } = report(
    JSON.parse(one("#data").textContent));
  const BASES = ["Intended", "Seen in code", "Could also hold", "Observed"];
  const LEVELS = ["", "by taking over another", "by making others act"];
  const [INTENDED, CODED, POTENTIAL, OBSERVED] = [0, 1, 2, 3];
  const MANY = 2; // edges for each box, which would hide each other
  const ENDS = 12; // neighbours that the panel names

  const panel = one("#panel"), aside = one("aside"), said = one("#said");
  const search = one("#search"), sheet = one(".sheet"), grid = one("#table");
  const boxes = all(".nodes a"), { drawings, seek, zoom, start } = desk(sheet, boxes), items = all("aside li[id]");
  const rows = new Map(all("tr[id]", grid).map((row) => [+row.id.slice(1), row]));
  const told = items.map((item) => item.textContent.toLowerCase());
  const paths = all("[data-pairs]").flatMap((group) => {
    const numbers = groups(group.dataset.pairs, 1);
    for (const way of group.dataset.drawn?.match(/M[^M]+/g) || []) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", way);
      group.append(path);
    }
    return [...group.children].map((path, at) => [path, numbers[at][0]]);
  });
  const numberOf = new Map(boxes.map((box) => [box, +box.getAttribute("href").slice(2)]));
  const into = nodes.map(() => []);
  edges.forEach(({ target }, number) => into[target].push(number));

  // What the reader asked for. Numbers are places in the lists above; -1 is none.
  const state = { show: CODED, less: -1, wanted: null, words: "", node: -1, basis: -1, data: -1, finding: -1 };

  const make = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  // Of four cells, one each basis, those of the view, less those of the other, as far as wanted.
  const shown = (cells) => {
    const less = sets[cells[state.less]] || [];
    const here = sets[cells[state.show]] || [];
    return here.filter((c) => !less.includes(c) && (!state.wanted || state.wanted.has(c)));
  };
  // Stars of the most valuable of some classes, which are sorted by value; 0 for none.
  const stars = (held) => held.length && Math.min(3, 1 + (classes[Math.min(...held)][2] > 3) + (classes[Math.min(...held)][2] > 6));
  // What a cell of the table tells of: of what could be held, only what is not known already.
  const cell = (node, basis) => {
    const known = basis === POTENTIAL ? [INTENDED, CODED].flatMap((b) => sets[node.cells[b]]) : [];
    return sets[node.cells[basis]].filter((c) => !known.includes(c)).sort((a, b) => a - b); // the most valuable first
  };

  // Where classes came from: back along the edges that brought them, to where each begins.
  const trace = (node, basis, held) => {
    const found = { nodes: new Set([node]), edges: new Set() };
    const left = held.map((c) => [node, c]), seen = new Set();
    while (left.length) {
      const [at, c] = left.pop(), name = `${at} ${c}`;
      if (seen.has(name)) continue;
      seen.add(name);
      for (const number of into[at]) {
        const { source, cells, brings } = edges[number];
        if (!(sets[basis === POTENTIAL ? brings : cells[basis]] || []).includes(c)) continue;
        found.edges.add(number);
        found.nodes.add(source);
        left.push([source, c]);
      }
    }
    return found;
  };
  const touching = (node) => edges.flatMap((edge, n) => (edge.source === node || edge.target === node ? [n] : []));

  const joined = (node) => {
    const near = touching(node).filter((n) => shown(edges[n].cells).length || sets[edges[n].cells[CODED]]);
    return { nodes: new Set([node, ...near.flatMap((n) => [edges[n].source, edges[n].target])]), edges: new Set(near) };
  };

  // The nodes and edges that stand out, null where nothing is picked.
  const lit = () => {
    const { node, basis, finding } = state;
    if (finding >= 0 && findings[finding].length) {
      const about = new Set(findings[finding]), [subject] = about; // the others at its edges only
      const between = touching(subject).filter((n) => about.has(edges[n].source) && about.has(edges[n].target));
      return { nodes: about, edges: new Set(between) };
    }
    if (node < 0) return null;
    if (basis >= 0) return trace(node, basis, state.data < 0 ? cell(nodes[node], basis) : [state.data]);
    return joined(node);
  };

  const paint = (light) => {
    document.body.classList.toggle("lighting", light !== null);
    const ends = new Set();
    const drawn = new Map(); // edges in each drawing
    for (const [path, number] of paths) {
      const { source, target, cells } = edges[number];
      const known = state.less >= 0 && cells[state.less] >= 0; // an edge of the other view too
      const asked = !known && !state.wanted && sets[cells[state.show]]?.length === 0;
      const on = light !== null && light.edges.has(number);
      const held = shown(cells), way = on && state.basis >= 0 && state.data >= 0; // of one class
      const worth = stars(way ? [state.data] : held.length ? held : sets[cells[POTENTIAL]] || []);
      const off = !on && !asked && !held.length;
      if (!off) {
        ends.add(source).add(target);
        drawn.set(path.ownerSVGElement, (drawn.get(path.ownerSVGElement) || 0) + 1);
      }
      path.classList.toggle("off", off);
      for (const each of [0, 1, 2, 3]) path.classList.toggle(`w${each}`, each === (asked && !way ? 0 : worth));
      path.classList.toggle("lit", on);
      path.classList.toggle("could", cells[CODED] < 0 || (way && !sets[cells[CODED]].includes(state.data)));
    }
    for (const each of drawings) each.classList.toggle("dense", drawn.get(each) > MANY * all(".nodes a", each).length);
    for (const box of boxes) {
      const number = numberOf.get(box), node = nodes[number];
      box.classList.toggle("off", !ends.has(number) && !shown(node.cells).length);
      box.classList.toggle("lit", light !== null && light.nodes.has(number));
      box.classList.toggle("picked", number === state.node);
      box.classList.toggle("found", state.words !== "" && node.words.includes(state.words));
    }
  };

  const sift = () => {
    let services = 0, count = 0;
    for (const [number, row] of rows) {
      const node = nodes[number];
      const fits = !state.wanted || node.cells.some((set) => sets[set].some((c) => state.wanted.has(c)));
      row.hidden = !fits || !node.words.includes(state.words);
      services += !row.hidden;
    }
    items.forEach((item, number) => {
      const about = state.node < 0 || findings[number].includes(state.node);
      item.hidden = !about || !told[number].includes(state.words);
      count += !item.hidden;
    });
    for (const body of all("tbody", grid)) body.hidden = !one("tr[id]:not([hidden])", body);
    for (const level of all(".level")) {
      level.hidden = !one("li[id]:not([hidden])", level);
      if (state.node >= 0 || state.words) level.open = true;
    }
    aside.classList.toggle("sifted", state.node >= 0 || state.words !== "");
    one("#about").textContent = state.node < 0 ? "" : `of ${nodes[state.node].name}: ${count || "none"}`;
    const many = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    return `${many(services, "service")}, ${many(count, "finding")}`;
  };

  let under = null; // the box that the pointer is on
  let picked; // the cell of the table
  const render = () => {
    paint(lit());
    const numbers = sift();
    picked?.removeAttribute("aria-selected");
    picked = rows.get(state.node)?.cells[state.basis + 1];
    picked?.setAttribute("aria-selected", "true");
    said.textContent = state.node < 0 ? numbers : `${nodes[state.node].name}: ${numbers}`;
  };

  // The panel: what is picked, and for each class the steps that lead to it with their lines.
  const step = (number) => {
    const [text, at] = steps[number], [file, line, code] = lines[at];
    const where = texts[file] ? make("span", "where", ` ${texts[file]}:${line}`) : null;
    if (!texts[code]) return make("li", "", texts[text], where);
    const shown = make("code", "", make("span", "number", `${line}`), texts[code]);
    return make("li", "", texts[text], where, make("pre", "", shown));
  };
  const chain = (way) => {
    const found = [ways[way][1]];
    for (; ways[way][0]; found.unshift(ways[way][1])) way -= ways[way][0];
    return found;
  };
  const reason = (node, basis, c) => {
    const known = node.why.filter(([packed]) => packed % classes.length === c);
    const kind = ([packed]) => Math.floor(packed / classes.length); // a basis with one of three levels
    const why = known.find((each) => Math.floor(kind(each) / 3) === basis) || known[0] || [0, -1];
    const [title, family, value] = classes[c];
    const through = LEVELS[kind(why) % 3] && ` · ${LEVELS[kind(why) % 3]}`;
    const head = make("summary", "", title, make("span", "where", ` ${family} ${value}${through}`));
    const untold = make("p", "reason", "No reason is known.");
    const body = why[1] >= 0 ? make("ol", "steps", ...chain(why[1]).map(step)) : untold;
    const made = make("details", "why", head, body);
    made.addEventListener("toggle", () => {
      if (!made.open || (state.data === c && state.basis === basis)) return;
      Object.assign(state, { basis, data: c });
      render();
    });
    return made;
  };
  const neighbours = (number) => {
    const near = touching(number).filter((n) => shown(edges[n].cells).length || sets[edges[n].cells[state.show]]);
    return near.slice(0, ENDS).map((n) => {
      const { source, target } = edges[n];
      const other = source === number ? target : source;
      const name = nodes[other].name, button = make("button", "", `Show ${name}`);
      button.addEventListener("click", () => pick(other));
      const said = make("span", "where", ` ${texts[steps[moves[n][0]][0]]}`);
      return make("details", "", make("summary", "", `${source === number ? "→" : "←"} ${name}`, said),
        make("ol", "steps", ...moves[n].map(step)), button);
    });
  };
  // While a pointer is on a box, and nothing is picked, what the box is joined to stands out.
  const hover = (event) => {
    if (state.node >= 0 || state.finding >= 0) return;
    const box = event.target.closest?.(".nodes a");
    if (box !== under) paint(box ? joined(numberOf.get(box)) : null);
    under = box;
  };
  const tell = () => {
    panel.replaceChildren();
    if (state.node < 0) return;
    const node = nodes[state.node], bases = state.basis < 0 ? [POTENTIAL, CODED, INTENDED, OBSERVED] : [state.basis];
    const stars = node.risk ? make("span", `r${node.risk}`, "★".repeat(node.risk)) : null;
    const close = make("button", "close", "Close");
    close.addEventListener("click", release);
    panel.append(make("h3", "", close, node.name, " ", stars), make("p", "where", node.of));
    for (const basis of bases) {
      const held = cell(node, basis);
      const head = make("h4", "", BASES[basis], make("span", "count", ` ${held.length}`));
      if (held.length) panel.append(head, ...held.map((c) => reason(node, basis, c)));
    }
    const near = state.basis < 0 ? neighbours(state.node) : [];
    if (near.length) panel.append(make("h4", "", "Joined to"), ...near);
    const first = one(".why", panel);
    if (first && state.basis >= 0) first.open = true;
    panel.scrollTop = aside.scrollTop = 0;
  };

  const pick = (node, basis = -1) => {
    const [data = -1] = node < 0 || basis < 0 ? [] : cell(nodes[node], basis); // it is told first
    Object.assign(state, { node, basis, data, finding: -1 });
    for (const box of boxes) if (numberOf.get(box) === node) box.closest("details")?.setAttribute("open", "");
    render();
    tell();
    seek();
  };

  // Keys: one stop for the tab key in the picture and in the table, arrows within.
  let from; // where the reader last was: to go back to when the panel closes
  const rove = (members, to, still = false) => {
    from = to;
    for (const each of members) each.tabIndex = each === to ? 0 : -1;
    to.focus({ preventScroll: still });
  };
  const nearest = (start, key) => {
    const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    const here = start.getBoundingClientRect();
    let best = null, least = Infinity;
    for (const box of boxes) {
      const there = box.getBoundingClientRect();
      const x = there.x - here.x, y = there.y - here.y, along = x * dx + y * dy;
      const far = along + 3 * Math.abs(x * dy + y * dx);
      if (there.width && along > 4 && far < least) [best, least] = [box, far];
    }
    return best;
  };
  const beside = (start, key) => {
    const row = start.parentElement, column = start.cellIndex;
    if (key === "ArrowRight" || key === "ArrowLeft") return row.cells[column + (key === "ArrowRight" ? 1 : -1)];
    const visible = [...rows.values()].filter((each) => !each.hidden);
    const order = visible.sort((a, b) => a.rowIndex - b.rowIndex);
    return order[order.indexOf(row) + (key === "ArrowDown" ? 1 : -1)]?.cells[column];
  };
  const choose = (each) => {
    const row = each.parentElement, stars = each.cellIndex === row.cells.length - 1;
    pick(+row.id.slice(1), stars ? -1 : each.cellIndex - 1);
  };
  const release = () => {
    if (search.value) [search.value, state.words] = ["", ""];
    else for (const item of items) one("details", item).open = false;
    pick(-1);
    seek();
    from?.focus({ preventScroll: true });
  };

  const cells = [...rows.values()].flatMap((row) => [...row.cells]);
  grid.setAttribute("role", "grid");
  for (const row of all("tr", grid)) row.setAttribute("role", "row");
  const RISKS = ["no risk", "some risk", "high risk", "highest risk"];
  for (const [number, row] of rows) row.lastElementChild.ariaLabel = RISKS[nodes[number].risk];
  for (const each of cells) each.setAttribute("role", each.tagName === "TH" ? "rowheader" : "gridcell");
  for (const box of boxes) {
    const { name, of, risk } = nodes[numberOf.get(box)];
    box.setAttribute("role", "button");
    box.ariaLabel = `${name}, ${of}, ${RISKS[risk]}`;
  }
  for (const each of [...cells, ...boxes]) each.tabIndex = -1;
  if (cells[0]) cells[0].tabIndex = 0;
  if (boxes[0]) boxes[0].tabIndex = 0;

  document.addEventListener("click", (event) => {
    const box = event.target.closest(".nodes a"), each = event.target.closest("#table tr[id] > *");
    const link = event.target.closest(".worst a");
    if (link) one("details", one(link.hash)).open = true;
    if (box) {
      event.preventDefault();
      rove(boxes, box, true);
      pick(numberOf.get(box));
    } else if (each) {
      rove(cells, each, true);
      choose(each);
    }
  });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event, typing = target.matches("input[type=search], select, textarea");
    if (key === "Escape") return release();
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const box = target.closest(".nodes a"), each = target.closest("#table tr[id] > *");
    if (key === "/") {
      event.preventDefault();
      search.focus();
    } else if (key.startsWith("Arrow") && (box || each)) {
      event.preventDefault();
      const next = box ? nearest(box, key) : beside(each, key);
      if (next) rove(box ? boxes : cells, next);
    } else if ((key === "Enter" || key === " ") && (box || each)) {
      event.preventDefault();
      box ? pick(numberOf.get(box)) : choose(each);
    }
  });
  items.forEach((item, number) =>
    one("details", item).addEventListener("toggle", (event) => {
      if (event.target.open) Object.assign(state, { finding: number });
      else if (state.finding === number) state.finding = -1;
      render();
      seek();
    }));
  search.addEventListener("input", () => {
    state.words = search.value.trim().toLowerCase();
    render();
  });
  for (const form of all("form"))
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = !state.words ? -1 : nodes.findIndex((node) => node.words.includes(state.words));
      if (first >= 0) pick(first);
    });
  for (const radio of all("[name=show]"))
    radio.addEventListener("change", () => {
      state.show = +radio.value;
      render();
    });
  one("#less").addEventListener("change", (event) => {
    state.less = +event.target.value;
    render();
  });
  one("#data-class").addEventListener("change", (event) => {
    const value = event.target.value;
    state.wanted = value === "" ? null : new Set(value.split(",").map(Number));
    render();
  });
  for (const button of all("[data-zoom]"))
    button.addEventListener("click", () => zoom(button.dataset.zoom === "1" ? 1.25 : 0.8));
  one("#theme").addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  });
  addEventListener("beforeprint", () => all(".level").forEach((level) => (level.open = true)));
  for (const kind of ["pointerover", "pointerleave"]) sheet.addEventListener(kind, hover);
  document.documentElement.classList.add("js");
  render();
  start();
})();
