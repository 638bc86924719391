// What the page's data says, read back from the short form of script_data.py and numbers.py.
"use strict";
const report = (data) => {
  const digits = new Uint8Array(128); // by code
  [...data.digits].forEach((digit, value) => (digits[digit.charCodeAt()] = value));
  const half = data.digits.length / 2;
  // Numbers of one digit or more, those of the upper half not being the last: see numbers.py.
  const reader = (text) => {
    let at = 0;
    const next = () => {
      let value = 0;
      for (let worth = 1; ; worth *= half) {
        const digit = digits[text.charCodeAt(at++)];
        value += (digit % half) * worth;
        if (digit < half) return value % 2 ? -(value + 1) / 2 : value / 2;
      }
    };
    const letters = (number) => text.slice(at, (at += number));
    // Groups of numbers, each told by what changed from the one before.
    const groups = (size, number = Infinity) => {
      const found = [];
      for (let before; at < text.length && found.length < number; found.push(before)) {
        const group = [];
        for (let each = 0; each < size; each += 1) group.push(next() + (before ? before[each] : 0));
        before = group;
      }
      return found;
    };
    return { next, letters, groups, more: () => at < text.length };
  };
  const groups = (text, size) => reader(text).groups(size);
  const lists = (text, size) => {
    const read = reader(text), found = [];
    while (read.more()) found.push(read.groups(size, read.next()));
    return found;
  };
  const flat = (text) => lists(text, 1).map((list) => list.map(([number]) => number));
  const texts = []; // each shares its beginning and its end with the one before
  for (const read = reader(data.texts); read.more(); ) {
    const before = texts[texts.length - 1] || "", start = read.next(), end = read.next();
    texts.push(before.slice(0, start) + read.letters(read.next()) + before.slice(before.length - end));
  }
  const sets = flat(data.sets), moves = flat(data.moves), findings = flat(data.findings);
  const whys = lists(data.why, 2); // class, basis and level in one number; the way
  const nodes = groups(data.nodes, 7).map(([name, of, risk, ...cells], number) => ({
    name: texts[name], of: texts[of], risk, cells,
    words: `${texts[name]} ${texts[of]}`.toLowerCase(),
    why: whys[number],
  }));
  const edges = groups(data.edges, 7).map(([source, target, ...cells]) => {
    const brings = cells.pop(); // the set of classes that only this edge gives its target
    return { source, target, cells, brings };
  });
  const lines = groups(data.lines, 3), steps = groups(data.steps, 2), ways = groups(data.ways, 2);
  return { classes: data.classes, texts, sets, moves, findings, nodes, edges, lines, steps, ways, groups };
};
