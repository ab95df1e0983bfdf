"use strict";

// Asks /status every two seconds and shows what it says. Whatever comes from outside is put in place as text.

const PERIOD = 2000;
const PATIENCE = 5000;
/** The unit whose amounts are dollars. */
const COST = "cost_usd";

const byId = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const share = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 3 });
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 2 });
const cents = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumSignificantDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const rate = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

// Elements.

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Sets an element's text unless it says that already: selections and screen readers are left in peace. */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Gives `parent` one child for each item, in order; the child of an item that was there before stays. */
function reconcile(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map((child) => [child.itemKey, child]));
  const seen = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const repeated = seen.get(keyOf(item)) ?? 0;
    seen.set(keyOf(item), repeated + 1);
    const key = `${repeated} ${keyOf(item)}`;
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = create(item);
      child.itemKey = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, item);
  }
  for (const child of old.values()) child.remove();
}

// Words.

function amount(value, unit) {
  if (unit !== COST) return whole.format(value);
  const number = Number(value);
  return Math.abs(number) > 0 && Math.abs(number) < 1 ? cents.format(number) : dollars.format(number);
}

function amountWithUnit(value, unit) {
  return unit === COST ? amount(value, unit) : `${amount(value, unit)} ${unit}`;
}

/** A length of time in its two largest units. */
function length(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86400), "d"], [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"], [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function clock(time) {
  return new Date(time).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

function tagText(tags) {
  return Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`).join(", ");
}

const LEVELS = { ok: "ok", warning: "warning", exhausted: "over", overspent: "over", stopped: "over" };

// Budgets.

const COLUMNS = ["State", "Used of the limit", "Burn rate", "Forecast", "Runs out", "Resets"];

function makeRow() {
  const row = element("tr");
  row.setAttribute("role", "row");
  const name = element("th", "", element("bdi", "name"), element("bdi", "more"));
  name.scope = "row";
  name.setAttribute("role", "rowheader");
  row.append(name);
  for (const column of COLUMNS) {
    const cell = element("td");
    cell.setAttribute("role", "cell");
    cell.dataset.label = column;
    row.append(cell);
  }
  const [, state, used, burn, forecast, end, reset] = row.cells;
  state.append(element("span", "state"));
  const bar = element("div", "bar", ...["used", "held", "band", "warns"].map((part) => element("span", part)));
  bar.setAttribute("aria-hidden", "true");
  used.append(bar, element("span", "first"), element("span", "more"));
  for (const cell of [burn, forecast, end, reset]) cell.append(element("span", "first"), element("span", "more"));
  return row;
}

function clamp(ratio) {
  return Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 0;
}

function drawBar(bar, account) {
  const limit = Number(account.limit);
  const of = (value) => (limit > 0 ? clamp(Number(value) / limit) : 0);
  const used = account.limit === null ? 0 : clamp(account.used_ratio);
  const style = (name, value) => bar.style.setProperty(name, `${(value * 100).toFixed(2)}%`);
  style("--used", used);
  style("--held", Math.min(of(account.reserved), 1 - used));
  const forecast = account.limit === null ? null : account.forecast;
  const [band, warns] = [bar.querySelector(".band"), bar.querySelector(".warns")];
  band.hidden = !forecast;
  if (forecast) {
    style("--from", of(forecast.lower_80));
    style("--to", of(forecast.upper_80));
  }
  warns.hidden = account.warn_at === undefined || account.limit === null;
  if (!warns.hidden) style("--warns", clamp(account.warn_at));
}

function usedText(account) {
  const used = amount(account.used, account.unit);
  const unit = account.unit === COST ? "" : ` ${account.unit}`;
  if (account.limit === null) return [`${used}${unit}`, "no limit"];
  const held = Number(account.reserved) > 0 ? `, ${amount(account.reserved, account.unit)} held` : "";
  return [share.format(account.used_ratio), `${used} of ${amount(account.limit, account.unit)}${unit}${held}`];
}

function burnText(account) {
  const rates = Object.entries(account.burn_rates ?? {});
  if (rates.length === 0) return ["–", ""];
  // The shortest and the longest say whether it gets faster.
  const text = ([lookback, value]) => `${value > 0 && value < 0.01 ? "below ×0.01" : `×${rate.format(value)}`} (${lookback})`;
  return [text(rates.at(-1)), rates.length > 1 ? text(rates[0]) : ""];
}

function forecastText(account) {
  const forecast = account.forecast;
  if (!forecast) return ["–", account.burn_rates ? "too little history" : ""];
  const limit = Number(account.limit);
  if (account.limit === null || limit === 0) {
    return [amount(forecast.expected, account.unit), `${amount(forecast.lower_80, account.unit)} to ${amount(forecast.upper_80, account.unit)}`];
  }
  const of = (value) => percent.format(Number(value) / limit);
  return [of(forecast.expected), `${of(forecast.lower_80)} to ${of(forecast.upper_80)}`];
}

function endText(account, now) {
  if (account.limit !== null && Number(account.remaining) === 0) return ["now", ""];
  const forecast = account.forecast;
  if (!forecast || account.limit === null) return ["–", ""];
  const chance = forecast.exhaustion_probability === null ? "" : `chance ${percent.format(forecast.exhaustion_probability)}`;
  if (!forecast.exhausted_at) return ["not in this window", chance];
  return [`in ${length(Date.parse(forecast.exhausted_at) - now)}`, chance];
}

function sayBoth(cell, [first, more]) {
  say(cell.querySelector(".first"), first);
  say(cell.querySelector(".more"), more);
}

function fillRow(row, account, now) {
  const [name, state, used, burn, forecast, end, reset] = row.cells;
  say(name.querySelector(".name"), account.budget);
  const mode = account.mode === "enforce" ? "" : account.mode;
  say(name.querySelector(".more"), [tagText(account.tags), account.window, mode].filter(Boolean).join(" · "));
  const word = account.stopped ? "stopped" : account.state;
  row.dataset.level = LEVELS[word] ?? "ok";
  say(state.firstElementChild, word);
  drawBar(used.querySelector(".bar"), account);
  sayBoth(used, usedText(account));
  sayBoth(burn, burnText(account));
  sayBoth(forecast, forecastText(account));
  sayBoth(end, endText(account, now));
  sayBoth(reset, account.resets_at ? [`in ${length(Date.parse(account.resets_at) - now)}`, ""] : ["–", ""]);
}

function showBudgets(status, now) {
  const accounts = status.accounts;
  const total = Object.values(status.account_counts).reduce((sum, count) => sum + count, 0);
  byId("budget-table").hidden = accounts.length === 0;
  document.querySelector(".legend").hidden = accounts.length === 0;
  byId("no-budgets").hidden = accounts.length > 0;
  say(byId("shown"), total > accounts.length ? `${accounts.length} of ${whole.format(total)}, the fullest first` : "");
  reconcile(
    byId("budget-rows"), accounts, (account) => JSON.stringify([account.budget, account.unit, account.window, account.tags]),
    makeRow, (row, account) => fillRow(row, account, now));
  return total;
}

// Spenders.

function makeSpenders(group) {
  const caption = element("caption", "", "By ", element("bdi", "", group.tag));
  const head = element("tr");
  for (const [index, title] of [group.tag, "Cost", "Tokens", "Calls"].entries()) {
    const cell = element("th", index > 0 ? "number" : "", element("bdi", "", title));
    cell.scope = "col";
    head.append(cell);
  }
  return element("table", "", caption, element("thead", "", head), element("tbody"));
}

function makeSpender() {
  const name = element("th", "", element("bdi"), element("span", "share"));
  name.scope = "row";
  name.lastChild.setAttribute("aria-hidden", "true");
  return element("tr", "", name, ...[1, 2, 3].map(() => element("td", "number")));
}

/** A number in three digits; all of them for who points at it. */
function sayShort(cell, number) {
  say(cell, compact.format(number));
  cell.title = whole.format(number);
}

function fillSpenders(table, group) {
  const weight = (row) => Number(row.cost_usd) || 0;
  const useCost = group.rows.some((row) => weight(row) > 0);
  const measure = useCost ? weight : (row) => row.tokens;
  const most = Math.max(1e-12, ...group.rows.map(measure));
  reconcile(table.tBodies[0], group.rows, (row) => row.value, makeSpender, (line, row) => {
    say(line.querySelector("bdi"), row.value === "" ? "(none)" : row.value);
    line.querySelector(".share").style.setProperty("--share", `${(clamp(measure(row) / most) * 100).toFixed(1)}%`);
    const [, cost, tokens, calls] = line.cells;
    say(cost, amount(row.cost_usd, COST));
    sayShort(tokens, row.tokens);
    sayShort(calls, row.requests);
  });
}

function showSpenders(status) {
  const groups = status.spenders.filter((group) => group.rows.length > 0);
  const shown = groups.length > 0 ? groups : [{ tag: "", rows: [] }];
  reconcile(
    byId("spenders"), shown, (group) => group.tag || "(nothing)",
    (group) => (group.rows.length > 0 ? makeSpenders(group) : element("p", "note", "Nothing was spent in this time.")),
    (child, group) => group.rows.length > 0 && fillSpenders(child, group));
}

// Events.

function eventText(event) {
  if (event.budget !== undefined) {
    const owner = tagText(event.tags);
    const limit = event.limit === null ? "" : ` of ${amount(event.limit, event.unit)}`;
    const used = amount(event.used, event.unit) + limit + (event.unit === COST ? "" : ` ${event.unit}`);
    return `${event.budget}${owner && ` (${owner})`}: ${used}`;
  }
  const subject = tagText(event.subject);
  if (event.cause !== undefined) return `${subject}: ${event.cause} ${whole.format(event.count)}, limit ${whole.format(event.limit)}`;
  if (event.seconds !== undefined) return `The clock was set by ${rate.format(event.seconds)} s`;
  return [subject, event.reason].filter(Boolean).join(": ");
}

const EVENT_LEVELS = {
  warn: "warning", throttle: "warning", forecast: "warning", anomaly: "warning", exhausted: "over", exceeded: "over",
  stop: "over", runaway: "over", resume: "ok", reset: "ok",
};

function makeEvent(event) {
  const kind = element("span", "state");
  const time = element("time");
  const item = element("li", "", time, kind, element("bdi", "what"));
  item.dataset.level = EVENT_LEVELS[event.kind] ?? "ok";
  say(time, clock(event.time));
  time.dateTime = event.time;
  time.title = event.time;
  say(kind, event.kind);
  say(item.lastChild, eventText(event));
  return item;
}

function showEvents(status) {
  byId("no-events").hidden = status.events.length > 0;
  reconcile(byId("events"), status.events, (event) => JSON.stringify(event), makeEvent, () => {});
}

// The whole.

function show(status) {
  const now = Date.parse(status.time);
  const counts = status.account_counts;
  const over = (counts.exhausted ?? 0) + (counts.overspent ?? 0);
  const attention = over + (counts.warning ?? 0);
  const total = showBudgets(status, now);
  say(byId("about"), `Version ${status.version}, up for ${length(now - Date.parse(status.started_at))}`);
  say(byId("accounts"), whole.format(total));
  say(byId("attention"), whole.format(attention));
  byId("attention").dataset.level = over > 0 ? "over" : attention > 0 ? "warning" : "ok";
  say(byId("stopped"), whole.format(status.stopped_count));
  byId("stopped").dataset.level = status.stopped_count > 0 ? "over" : "ok";
  byId("stopped").title = status.stopped.map((stop) => tagText(stop.subject)).join("\n");
  say(byId("holds"), whole.format(status.reservations));
  say(byId("series"), whole.format(status.series));
  say(byId("updated"), `Updated ${clock(status.time)}`);
  document.title = attention > 0 ? `(${attention}) Tallygate` : "Tallygate";
  showSpenders(status);
  showEvents(status);
}

/** Said only when it changes: a screen reader hears of it once. */
function sayLink(link, text) {
  document.body.dataset.link = link;
  byId("link").dataset.link = link;
  say(byId("link"), text);
}

let timer;
let question;
let lostSince;

async function look() {
  clearTimeout(timer);
  question?.abort();
  const mine = new AbortController();
  question = mine;
  const limit = setTimeout(() => mine.abort(), PATIENCE);
  try {
    const window = byId("window").value;
    const response = await fetch(`status?window=${window}`, { signal: mine.signal, cache: "no-store" });
    if (!response.ok) throw new Error(response.status === 401 ? "reload this page to sign in" : `it answered ${response.status}`);
    const status = await response.json();
    if (question !== mine) return;
    show(status);
    lostSince = undefined;
    sayLink("live", "Live");
  } catch (error) {
    if (question !== mine) return;
    lostSince ??= clock(Date.now());
    const why = error instanceof TypeError || error.name === "AbortError" ? "" : ` (${error.message})`;
    sayLink("lost", `Lost the sidecar at ${lostSince}${why}. Trying again.`);
  } finally {
    clearTimeout(limit);
    if (question === mine && !document.hidden) timer = setTimeout(look, PERIOD);
  }
}

byId("window").addEventListener("change", look);
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
look();
