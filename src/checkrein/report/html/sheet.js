// The sheet that the picture lies on: it scrolls by itself, grows and shrinks, and can be dragged.
const desk = (sheet, boxes) => {
  const LEAST = 0.6; // of the usual size, to which it shrinks by itself
  const drawings = [...sheet.querySelectorAll("svg[viewBox]")];
  let scale = 1, usual = 0; // before it shrank by itself; 0 where it did not
  const size = (to) => {
    scale = Math.min(4, Math.max(0.25, to));
    for (const each of drawings) {
      each.style.minWidth = 0;
      each.style.maxWidth = "none";
      each.style.width = `${Math.round(each.viewBox.baseVal.width * scale)}px`;
    }
  };
  const zoom = (by) => {
    usual = 0;
    size(scale * by);
  };
  const extent = (some) => {
    const places = some.map((box) => box.getBoundingClientRect());
    return [Math.min(...places.map((each) => each.top)), Math.max(...places.map((each) => each.bottom))];
  };
  // Bring what stands out into sight, all of it if it can be; go back where nothing does.
  const seek = () => {
    const seen = (selector) => boxes.filter((box) => box.matches(selector) && box.getBoundingClientRect().height);
    const lit = seen(".picked, .lit"), room = sheet.clientHeight - 60;
    if (usual) size(usual);
    usual = 0;
    if (!lit.length) return;
    const frame = sheet.getBoundingClientRect();
    let [top, bottom] = extent(lit);
    if (top > frame.top + 30 && bottom < frame.bottom) return;
    if (bottom - top > room) {
      usual = scale;
      size(scale * Math.max(LEAST, room / (bottom - top)));
      [top, bottom] = extent(lit);
    }
    const middle = bottom - top > room + 2 ? extent(seen(".picked").concat(lit).slice(0, 1)) : [top, bottom];
    sheet.scrollTop += (middle[0] + middle[1]) / 2 - frame.top - sheet.clientHeight / 2;
  };
  // The names of the columns stay at the top while their drawing is in sight.
  const pin = () => {
    const top = sheet.getBoundingClientRect().top + 1;
    for (const each of drawings) {
      const box = each.getBoundingClientRect();
      if (!box.height) continue;
      const down = Math.max(0, top - box.top) * (each.viewBox.baseVal.height / box.height);
      each.querySelector(".columns").setAttribute("transform", `translate(0,${down})`);
    }
  };
  const drag = (start) => {
    if (start.pointerType !== "mouse" || start.button || start.target.closest("a, summary")) return;
    const { scrollLeft, scrollTop } = sheet, stop = new AbortController();
    const move = (event) => sheet.scrollTo(scrollLeft + start.x - event.x, scrollTop + start.y - event.y);
    addEventListener("pointermove", move, { signal: stop.signal });
    addEventListener("pointerup", () => stop.abort(), { signal: stop.signal });
  };
  // Once all is as it is to be seen: what is measured is laid out.
  const start = () => {
    if (drawings[0]) scale = drawings[0].clientWidth / drawings[0].viewBox.baseVal.width;
    sheet.style.height = `${Math.min(sheet.scrollHeight + 2, innerHeight * 0.48)}px`;
    if (drawings.length === 1 && boxes[0]) {
      const down = boxes[0].getBoundingClientRect().top - sheet.getBoundingClientRect().top;
      if (down > sheet.clientHeight - 60) sheet.scrollTop = down - sheet.clientHeight / 2; // who comes in
    }
  };
  sheet.addEventListener("pointerdown", drag);
  sheet.addEventListener("scroll", pin);
  return { drawings, seek, zoom, start };
};
