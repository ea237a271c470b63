// What page_test.py asks of a page: all as data, so that a failure can say what it saw. `closely` takes long on a page of
// thousands of rows.
closely => {
  const shown = element => element.checkVisibility({ visibilityProperty: true }) &&
    getComputedStyle(element.closest("thead") || element).clipPath === "none";
  const name = element => {
    const classes = [...element.classList].map(c => "." + c).join("");
    return element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") + classes;
  };
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && shown(node.parentElement)) found.push(node);
    }
    return found;
  };

  // Elements and texts that take no room.
  const empty = () => {
    const found = [];
    for (const element of document.body.querySelectorAll("*")) {
      if (!shown(element) || element.matches("wbr, br, path, polyline, thead *, .builds .zero")) continue;
      const box = element.getBoundingClientRect();
      const has_content = element.textContent.trim() || element.matches("svg, mark");
      if (has_content && (box.width < 1 || box.height < 1) && getComputedStyle(element).display !== "contents") {
        found.push(name(element));
      }
    }
    return found;
  };

  // Neighbours that lie over each other.
  const overlaps = () => {
    const found = [];
    const compare = (elements, slack) => {
      const boxes = elements.map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 0 && b.height > 0);
      for (let i = 0; i < boxes.length; ++i) {
        for (let j = i + 1; j < boxes.length; ++j) {
          const [a, p] = boxes[i], [b, q] = boxes[j];
          const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
          const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          if (width > slack && height > slack) found.push(`${name(a)} and ${name(b)} by ${width} x ${height}`);
        }
      }
    };
    for (const parent of document.querySelectorAll("body, body *:not(svg):not(svg *):not(pre):not(pre *)")) {
      const children = [...parent.children].filter(c => shown(c) && !getComputedStyle(c).display.startsWith("inline"));
      if (children.length > 1 && children.length < 300) compare(children, 1);
    }
    for (const plot of document.querySelectorAll(".plot svg")) compare([...plot.querySelectorAll("text")], 1);
    return found;
  };

  // Text that is hard to read against what is behind it, by WCAG's formula.
  const faint = () => {
    const channels = colour => (colour.match(/[\d.]+/g) || []).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = element => {
      for (; element; element = element.parentElement) {
        const colour = channels(getComputedStyle(element).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const found = new Map();
    for (const node of texts()) {
      const element = node.parentElement;
      const ink = channels(element.closest("svg") ? getComputedStyle(element).fill : getComputedStyle(element).color);
      const [a, b] = [luminance(ink), luminance(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) found.set(name(element), ratio);
    }
    return [...found];
  };

  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  const links = [...document.querySelectorAll("a")].map(a => a.getAttribute("href"));
  const views = [...document.querySelectorAll(".file .finding")].map(finding => {
    const member = title => {
      const term = [...finding.querySelectorAll(":scope > dl > dt")].find(dt => dt.textContent === title);
      return term ? term.nextElementSibling.textContent : "";
    };
    const hex = finding.querySelector(".hex");
    return {
      file: finding.closest(".file").querySelector("h3 code").textContent,
      id: finding.querySelector("h4 code").textContent,
      at: member("at"), within: member("within"), field: member("field"),
      hex: hex && hex.textContent,
      marked: hex && [...hex.querySelectorAll("mark:not(.ascii *)")].map(mark => mark.textContent),
      boxes: hex && [...hex.querySelectorAll("mark")].map(mark => mark.getBoundingClientRect().width),
      fields: [...finding.querySelectorAll(".fields .hit tr")].map(row => [...row.cells].map(c => c.textContent)),
      colours: hex && [...hex.querySelectorAll("span.s")].map(s => getComputedStyle(s).backgroundColor),
      lines: hex && [...hex.querySelectorAll("span.s")].map(s => getComputedStyle(s).borderBottomStyle),
      titles: hex && [...hex.querySelectorAll("span.s")].map(s => s.title),
    };
  });
  return {
    title: document.title,
    language: document.documentElement.lang,
    verdict: document.querySelector(".verdict")?.textContent,
    reason: document.querySelector(".reason")?.textContent,
    counts: document.querySelector(".banner .counts")?.innerText,
    width: document.scrollingElement.scrollWidth,
    tags: [...new Set([...document.querySelectorAll("*")].map(e => e.tagName.toLowerCase()))],
    attributes: [...new Set([...document.querySelectorAll("*")].flatMap(e => e.getAttributeNames()))],
    twice: ids.filter((id, k) => ids.indexOf(id) !== k),
    lost: links.filter(href => !href.startsWith("#") || !document.getElementById(href.slice(1))),
    landmarks: ["body > header", "body > main", "body > footer"].filter(s => document.querySelectorAll(s).length !== 1),
    headings: [...document.querySelectorAll("h1,h2,h3,h4")].map(h => Number(h.tagName[1])),
    unscoped: document.querySelectorAll("th:not([scope])").length,
    unnamed: document.querySelectorAll("[role=img]:not([aria-label]), [role=group]:not([aria-label])").length,
    builds: [...document.querySelectorAll(".builds tbody tr")].map(row => ({
      cells: [...row.cells].map(cell => cell.textContent), link: row.querySelector(".first a")?.getAttribute("href")})),
    contents: [...document.querySelectorAll(".contents tbody tr")].map(row => [...row.cells].map(c => c.textContent)),
    left: [...document.querySelectorAll(".left")].map(p => p.textContent),
    plots: [...document.querySelectorAll(".plot polyline")].map(line => ({
      points: line.points.length, box: line.getBBox().width * line.getBBox().height})),
    bars: [...document.querySelectorAll(".bar")].map(bar => bar.getBoundingClientRect().width),
    dark: document.querySelectorAll(".dark li").length,
    attestations: [...document.querySelectorAll(".attestations li")].map(li => li.textContent),
    suppressed: document.querySelectorAll(".suppressed tbody tr").length,
    hostile: window.hostile,
    ...(closely && { empty: empty(), overlaps: overlaps(), faint: faint() }), views,
  };
}
