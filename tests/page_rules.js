// What a page must be for every reader, measured on the page as it is laid out: WCAG 2.2 AA contrast (1.4.3), text no
// smaller than 13 pixels, nothing wider than the screen (1.4.10), links tall enough for a thumb (2.5.8).
(() => {
  const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || (found.length === 4 && found[3] > 0.99)) return found;
    }
    return [255, 255, 255];
  };
  const faults = new Set();
  const say = (what, text) => faults.add(`${what}: ${text.trim().replace(/\s+/g, " ").slice(0, 50)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent;
    const element = walker.currentNode.parentElement;
    if (!text.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(numbers(style.color), ground(element));
    if (found < (large ? 3 : 4.5)) say(`contrast ${found.toFixed(2)}`, text);
    if (size < 13) say(`${size} pixels`, text);
  }
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) say("sideways", String(document.documentElement.scrollWidth));
  for (const link of document.links) {
    const box = link.getBoundingClientRect();
    if (box.height < 24) say(`a link ${Math.round(box.height)} pixels tall`, link.textContent);
  }
  for (const picture of document.images) if (!picture.hasAttribute("alt")) say("no alt text", picture.src);
  if (!document.documentElement.lang) say("no language", "html");
  return [...faults];
})()
