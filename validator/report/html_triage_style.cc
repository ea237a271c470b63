// What the page of triage has beside the sheet of every page, and its script. The page's policy names both by their
// digests, so that nothing else runs.
#include "validator/report/html_triage.h"

namespace sluice::report::html {

namespace {

constexpr std::string_view kSheet = R"css(
:root{--warn-tint:#fbf3e3}
@media (prefers-color-scheme:dark){:root{--warn-tint:#2a2112}}
.badge.warn{--c:var(--warn);--tint:var(--warn-tint)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.case{margin-top:3rem;scroll-margin-top:1rem}
.case h2{font-size:1.1875rem;line-height:1.4;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
.case h2 .badge{vertical-align:.125em;margin-right:.25rem}
.case h3{margin:1.75rem 0 .5rem;font-size:1rem}
.case dl{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:.1875rem .75rem;align-items:baseline;font-size:.9375rem}
.case dt{color:var(--soft);font-size:.8125rem;line-height:1.6}
.case dd{margin:0}
.case dd code+code{margin-left:.375rem}
.case .facts{margin:.625rem 0 .375rem}
.case .hex mark{background:none;color:inherit;font-weight:700;text-decoration:none;outline:2px solid var(--fail);outline-offset:1px;border-radius:1px}
.case .hex mark.needed{outline:1px dashed var(--soft);font-weight:400}
.hex button{all:unset;display:inline;white-space:pre;cursor:pointer;border-bottom:1px solid var(--soft);padding:1px 0}
.hex button.f1,.hex button.f3,.hex button.f5{border-bottom-style:dotted}
.hex button.f0{background:var(--f0)}.hex button.f1{background:var(--f1)}.hex button.f2{background:var(--f2)}
.hex button.f3{background:var(--f3)}.hex button.f4{background:var(--f4)}.hex button.f5{background:var(--f5)}
.hex button:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:1px}
.told-of{min-width:0}
.told{margin-top:.375rem;font-size:.875rem;min-height:1.55em;color:var(--soft)}
.told.named{color:var(--ink);font-family:var(--mono);font-size:.8125rem}
.needs tbody th{font-weight:400;white-space:normal;min-width:12rem}
.needs .guilty th code{font-weight:700}
.needs .guilty{background:var(--raised)}
.needs .at{font-family:var(--mono);font-size:.8125rem;white-space:nowrap}
.needs td:last-child{min-width:10rem}
.word{color:var(--fail);font-weight:650;font-size:.8125rem}
.index tbody th{font-weight:400;white-space:normal;min-width:18rem}
.index td:nth-child(3){min-width:10rem}
.others tbody th{font-weight:400;white-space:normal;min-width:12rem}
.code,.copy .excerpt,.case>.excerpt{padding:.5rem .75rem;background:var(--raised);border-radius:2px;overflow-x:auto;font-size:.8125rem;line-height:1.7;scrollbar-width:thin}
.code strong{display:inline-block;min-width:calc(100% + 1.5rem);background:var(--fail-tint);box-shadow:inset 3px 0 0 var(--fail);margin:0 -.75rem;padding:0 .75rem;font-weight:700}
.copy{display:flex;align-items:flex-start;gap:.5rem;margin-top:.375rem}
.copy .excerpt{flex:1 1 auto;min-width:0;margin:0}
.copy button{flex:none;font:550 .8125rem/1.5 var(--sans);color:var(--link);background:var(--paper);border:1px solid var(--rule);border-radius:3px;padding:.25rem .625rem;cursor:pointer}
.copy button:hover{border-color:var(--link)}
.patch .added{color:var(--pass)}.patch .gone{color:var(--fail)}.patch .head{color:var(--soft)}
.evidence{padding-left:1.25rem;margin-top:.5rem;font-size:.9375rem}
.targets td:last-child{min-width:12rem}
@media (max-width:30rem){.index tbody th{min-width:12rem}.case dl{grid-template-columns:3.75rem minmax(0,1fr)}.copy{flex-direction:column}.copy .excerpt{width:100%}}
@media print{.copy button,.told{display:none}.code,.copy .excerpt{overflow:visible;white-space:pre-wrap}}
)css";

constexpr std::string_view kScript = R"js(
"use strict";
for (const view of document.querySelectorAll(".told-of")) {
  const fields = [...view.querySelectorAll("button")];
  const told = view.querySelector(".told");
  told.hidden = false;
  const tell = field => {
    told.textContent = field.title;
    told.classList.add("named");
  };
  const go = field => {
    for (const other of fields) other.tabIndex = other === field ? 0 : -1;
    field.focus();
  };
  view.addEventListener("mouseover", event => {
    const part = event.target.closest("[title]");
    if (part) tell(part);
  });
  view.addEventListener("focusin", event => {
    if (event.target.title) tell(event.target);
  });
  view.addEventListener("keydown", event => {
    const at = fields.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0,
      End: fields.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (fields[to]) go(fields[to]);
  });
  view.addEventListener("click", event => {
    if (fields.includes(event.target.closest("button"))) go(event.target.closest("button"));
  });
}
for (const button of document.querySelectorAll(".copy button")) {
  const text = button.parentElement.querySelector("pre");
  const name = button.firstChild;
  button.hidden = false;
  const by_selection = () => {
    getSelection().selectAllChildren(text);
    const is_done = document.execCommand("copy");
    getSelection().removeAllRanges();
    return is_done;
  };
  button.addEventListener("click", async () => {
    let is_done = false;
    try {
      await navigator.clipboard.writeText(text.textContent.replace(/\n$/, ""));
      is_done = true;
    } catch {
      is_done = by_selection();
    }
    document.getElementById("copied").textContent = is_done ? "Copied." : "It could not be copied.";
    name.data = is_done ? "Copied " : "Not copied ";
    setTimeout(() => { name.data = "Copy "; }, 2000);
  });
}
)js";

}  // namespace

const std::string& triage_style() {
  static const std::string kStyle = style() + std::string(kSheet);
  return kStyle;
}

std::string_view triage_script() { return kScript; }

}  // namespace sluice::report::html
