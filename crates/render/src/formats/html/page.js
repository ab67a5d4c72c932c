// The HTML report's script: filters, searches and orders the findings that the page carries as inert JSON, and shows them a
// hundred at a time. It builds nodes and sets text, never markup; the page's policy allows no other script and no request.
// Without it the page still reads: the summary and the first findings are there as plain HTML.
"use strict";
(() => {
  const CHUNK = 100;
  const PRINTED = 2000;
  const PRINTED_OPEN = 200;
  const SEVERITIES = ["critical", "high", "medium", "low"];
  const NOWHERE = "not in a file";
  const UNSAID = "not said";
  const byId = (id) => document.getElementById(id);
  const number = (n) => n.toLocaleString("en");

  const { findings, waived, controls, recommendations } = JSON.parse(byId("data").textContent);
  const items = [
    ...findings.map((finding) => item(finding, null)),
    ...waived.map(({ finding, waiver }) => item(finding, waiver)),
  ];

  /** A finding with what it is filtered by; `words` is made when somebody searches. */
  function item(finding, waiver) {
    const file = finding.location ? finding.location.file : NOWHERE;
    return {
      finding, waiver, file, id: anchor(finding.fingerprint), words: null,
      chapter: controls[finding.control]?.chapter ?? "Unknown controls", control: finding.control,
      namespace: finding.object.namespace ?? UNSAID,
    };
  }

  function anchor(fingerprint) {
    return fingerprint.replace(/[^A-Za-z0-9]/g, "-");
  }

  function words(item) {
    const { finding, waiver } = item;
    const { object } = finding;
    item.words ??= [
      finding.control, finding.severity, finding.message, finding.path, where(finding), finding.fingerprint,
      object.kind, object.namespace, object.name, object.container, object.unit, item.chapter, ...finding.guide,
      waiver?.reason, waiver?.owner,
    ].join("\n").toLowerCase();
    return item.words;
  }

  // ---- nodes

  function node(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  function where({ location, object }) {
    if (location) return `${location.file}:${location.line}:${location.column}`;
    return [object.kind, object.namespace, object.name].filter(Boolean).join(" ");
  }

  function row(item) {
    const { finding } = item;
    const details = node("details", null, node("summary", null,
      node("span", { class: "level" }, finding.severity),
      node("span", { class: "message" }, finding.message),
      node("span", { class: "where", title: where(finding) }, node("bdi", null, where(finding)))));
    details.addEventListener("toggle", () => fill(item, details), { once: true });
    return node("article", { class: `finding ${finding.severity}`, id: item.id }, details);
  }

  /** The body of a row is made when it is opened. */
  function fill(item, details) {
    if (details.children.length > 1) return;
    const { finding, waiver } = item;
    const list = node("dl");
    const say = (name, ...values) => list.append(node("dt", null, name), node("dd", null, ...values));
    // What is of no use on paper.
    const onScreen = (name, value) => list.append(node("dt", { class: "screen" }, name), node("dd", { class: "screen" }, value));
    const lines = (values) => values.map((value) => node("p", null, ...[value].flat()));
    say("Control", ...titled(finding.control, controls[finding.control]?.title));
    say("Path", node("code", null, finding.path));
    say("Object", whole(finding.object));
    onScreen("Place", node("code", null, where(finding)));
    if (finding.location && !finding.location.exact) say("Line", "traced through a rendering: about there");
    say("Rank", `${number(finding.priority.rank)} (${finding.priority.why})`);
    if (finding.guide.length) {
      say("Recommendations", ...lines(finding.guide.map((id) => titled(id, recommendations[id]))));
    }
    if (finding.related.length) {
      say("Related", ...lines(finding.related.map((one) => [`${one.message} `, node("code", null, where(one))])));
    }
    say("Fix", finding.fix ? fix(finding.fix) : "by hand");
    if (waiver) {
      say("Waived", waiver.reason);
      say("Owner", waiver.owner ?? "nobody is named");
      say("Until", waiver.expires ?? "no end is set");
      say("Waiver in", node("code", null, waiver.source));
    }
    onScreen("More", node("code", null, `plimsoll explain ${finding.control}`));
    onScreen("Fingerprint", node("a", { href: `#${item.id}` }, node("code", null, finding.fingerprint)));
    details.append(list);
  }

  function titled(id, title) {
    return [node("code", null, id), " ", node("span", null, title ?? "")];
  }

  function whole(object) {
    const name = object.namespace ? `${object.namespace}/${object.name}` : object.name;
    const parts = [`${object.kind} ${name}`, `(${object.apiVersion})`];
    if (object.container) parts.push(`container ${object.container}`);
    if (object.unit) parts.push(`unit ${object.unit}`);
    return parts.join(", ").replace(", (", " (");
  }

  function fix({ safety, options }) {
    const safe = safety === "safe" ? "safe" : "needs review";
    return options.length ? `${safe} (${options.join(", ")})` : safe;
  }

  // ---- what is chosen

  const form = byId("filters");
  const list = byId("list");
  const field = (name) => form.elements.namedItem(name);
  const pressed = new Set(SEVERITIES);

  const ORDERS = {
    priority: { compare: null, group: ({ finding }) => finding.severity },
    file: { compare: null, group: ({ file }) => file },
    control: { compare: (a, b) => order(a.control, b.control), group: ({ control }) => control },
    object: { compare: (a, b) => order(named(a), named(b)), group: named },
  };

  function order(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  function named({ finding: { object } }) {
    return [object.namespace, object.kind, object.name].filter(Boolean).join(" / ");
  }

  function chosen() {
    const choice = (name) => field(name).value;
    const terms = choice("search").toLowerCase().split(/\s+/).filter(Boolean);
    const file = choice("file").trim();
    const exact = ["control", "chapter", "namespace"]
      .map((name) => [name, choice(name)])
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [name, value.slice(1)]);
    const ofWaived = choice("state") === "waived";
    return (item) =>
      (item.waiver !== null) === ofWaived
      && exact.every(([name, value]) => item[name] === value)
      && (file === "" || item.file.includes(file))
      && terms.every((term) => words(item).includes(term));
  }

  // ---- what is shown: `shown[from..to]` of the list

  let shown = [];
  let groups = new Map();
  let from = 0;
  let to = 0;

  function refresh() {
    const matches = items.filter(chosen());
    const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]));
    for (const { finding } of matches) counts[finding.severity] += 1;
    for (const severity of SEVERITIES) byId(`count-${severity}`).textContent = number(counts[severity]);
    shown = matches.filter(({ finding }) => pressed.has(finding.severity));
    const { compare, group } = ORDERS[field("order").value];
    if (field("order").value === "priority") shown.sort((a, b) => a.finding.priority.rank - b.finding.priority.rank);
    else if (compare) shown.sort(compare);
    groups = new Map();
    for (const item of shown) groups.set(group(item), (groups.get(group(item)) ?? 0) + 1);
    const all = field("state").value === "waived" ? waived.length : findings.length;
    byId("count").textContent = shown.length === all ? `${number(all)} shown` : `${number(shown.length)} of ${number(all)} shown`;
    byId("clear").hidden = shown.length === all;
    show(0);
  }

  /** Starts the list at this place. */
  function show(start) {
    from = start;
    to = start;
    list.replaceChildren();
    if (shown.length === 0) {
      list.append(node("p", { class: "empty" }, items.length ? "No finding matches." : "Nothing that was judged is at fault."));
    }
    extend(start + CHUNK);
  }

  /** Appends findings up to this place. */
  function extend(end) {
    const group = ORDERS[field("order").value].group;
    const rows = [];
    for (; to < Math.min(end, shown.length); to += 1) {
      const title = group(shown[to]);
      if (to === from || title !== group(shown[to - 1])) {
        rows.push(node("h3", null, title, node("span", null, number(groups.get(title)))));
      }
      rows.push(row(shown[to]));
    }
    list.append(...rows);
    byId("earlier").hidden = from === 0;
    byId("later").hidden = to >= shown.length;
  }

  /** Shows the finding that the address names, whatever was filtered. */
  function follow() {
    const id = location.hash.slice(1);
    const wanted = id.startsWith("v") && items.find((item) => item.id === id);
    if (!wanted) return;
    if (!shown.includes(wanted)) {
      clear();
      field("state").value = wanted.waiver ? "waived" : "open";
      refresh();
    }
    const at = shown.indexOf(wanted);
    if (at < from || at >= to) show(at - (at % CHUNK));
    const article = byId(id);
    for (const former of list.querySelectorAll(".linked")) former.classList.remove("linked");
    article.classList.add("linked");
    const details = article.firstElementChild;
    fill(wanted, details);
    details.open = true;
    article.scrollIntoView({ block: "center" });
  }

  function clear() {
    form.reset();
    for (const severity of SEVERITIES) pressed.add(severity);
    mark();
  }

  function mark() {
    for (const button of form.querySelectorAll("button.severity")) {
      button.setAttribute("aria-pressed", String(pressed.has(button.value)));
    }
  }

  // ---- wiring

  function fillSelect(name) {
    const counts = new Map();
    for (const item of items) counts.set(item[name], (counts.get(item[name]) ?? 0) + 1);
    const options = [...counts].sort(([a], [b]) => order(a, b));
    // The sign keeps the empty value for "all", whatever something is called.
    field(name).append(...options.map(([value, count]) => node("option", { value: `=${value}` }, `${value} (${number(count)})`)));
  }

  for (const name of ["control", "chapter", "namespace"]) fillSelect(name);
  const files = [...new Set(items.map(({ file }) => file))].slice(0, 1000);
  byId("files").append(...files.map((file) => node("option", { value: file })));
  byId("state").hidden = waived.length === 0;

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", refresh);
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.id === "clear") clear();
    else if (button.classList.contains("severity")) {
      if (!pressed.delete(button.value)) pressed.add(button.value);
      mark();
    }
    refresh();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter]");
    if (!link) return;
    event.preventDefault();
    clear();
    const { filter, value } = link.dataset;
    field(filter).value = filter === "file" ? value : `=${value}`;
    refresh();
    byId("findings").scrollIntoView();
    field(filter).focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field("search").focus();
    } else if (event.key === "Escape" && typing) {
      clear();
      refresh();
    }
  });
  byId("earlier").addEventListener("click", () => show(Math.max(0, from - CHUNK)));
  byId("later").addEventListener("click", () => extend(to + CHUNK));
  new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) extend(to + CHUNK);
  }, { rootMargin: "1200px" }).observe(byId("later"));

  // On paper is what matches, opened up where that is not too much; a browser cannot lay out a thousand pages.
  let before = [0, 0];
  addEventListener("beforeprint", () => {
    before = [from, to];
    show(0);
    extend(PRINTED);
    if (to < shown.length) list.append(node("p", { class: "note" }, `${number(shown.length - to)} more are not printed.`));
    if (to > PRINTED_OPEN) return;
    for (const item of shown) {
      const details = byId(item.id).firstElementChild;
      fill(item, details);
      details.open = true;
    }
  });
  addEventListener("afterprint", () => {
    show(before[0]);
    extend(before[1]);
  });

  const theme = byId("theme");
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  function setTheme(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.textContent = `Theme: ${name}`;
    theme.value = name;
  }
  // A page opened from a file may be forbidden to remember anything.
  const remembered = (() => {
    try { return localStorage.getItem("plimsoll-theme"); } catch { return null; }
  })();
  setTheme(remembered in NEXT ? remembered : "auto");
  theme.addEventListener("click", () => {
    setTheme(NEXT[theme.value]);
    try { localStorage.setItem("plimsoll-theme", theme.value); } catch { /* then it is not remembered */ }
  });

  theme.hidden = false;
  form.hidden = items.length === 0;
  byId("unscripted").remove();
  refresh();
  follow();
  addEventListener("hashchange", follow);
  performance.mark("plimsoll-ready");
})();
