// Runs inside the page with the name of a control: uses it as a reader would, and gives what was seen and how long it took.
(async (name) => {
  const byId = (id) => document.getElementById(id);
  const field = (filter) => byId("filters").elements.namedItem(filter);
  const number = (text) => Number(text.replace(/,/g, "").match(/\d+/)[0]);
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const shown = () => number(byId("count").textContent);
  const took = {};
  const timed = async (what, act) => {
    const start = performance.now();
    act();
    await painted();
    took[what] = performance.now() - start;
  };
  const choose = (filter, value) => {
    field(filter).value = value;
    field(filter).dispatchEvent(new Event("input", { bubbles: true }));
  };
  await painted();
  took.open = performance.getEntriesByName("plimsoll-ready")[0].startTime;
  const all = shown();
  const severities = ["critical", "high", "medium", "low"].map((word) => number(byId(`count-${word}`).textContent));
  await timed("search", () => choose("search", "runs privileged"));
  const searched = shown();
  choose("search", "");
  await timed("filter", () => choose("control", `=${name}`));
  const control = shown();
  choose("control", "");
  await timed("order", () => choose("order", "object"));
  choose("order", "priority");
  // A finding far down the list.
  const data = JSON.parse(byId("data").textContent);
  const last = data.findings.reduce((one, other) => (one.priority.rank > other.priority.rank ? one : other));
  const id = last.fingerprint.replace(":", "-");
  await timed("follow", () => { location.hash = `#${id}`; });
  const linked = Boolean(byId(id)?.querySelector("details")?.open);
  // Hostile names: everything is opened, as a reader would who looks closely.
  choose("search", "harmed=1");
  for (const details of document.querySelectorAll("article details")) details.open = true;
  await painted();
  const text = byId("list").textContent;
  const hostile = text.includes("</script><script>window.harmed=1</script>") && text.includes("<svg onload") && !text.includes("\u202e");
  const foreign = document.querySelectorAll("img, iframe, object, embed, base, script[src], link[rel=stylesheet], svg[onload]").length;
  return { all, severities, searched, control, linked, hostile, foreign, harmed: window.harmed ?? null, took };
})
