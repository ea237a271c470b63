#include "fuzz/farm/page_parts.h"
#include "validator/report/html_triage.h"

namespace sluice::farm::page {

namespace {

// Lines differ by their strokes too, for who does not see their colours.
constexpr std::string_view kSheet = R"css(
:root{--l0:#0a569e;--l1:#a8430c;--l2:#17663a;--l3:#86308a;--l4:#6d5800;--l5:#0d6a73}
@media (prefers-color-scheme:dark){:root{--l0:#82b8f2;--l1:#f0a36b;--l2:#74d09b;--l3:#dd9ae0;--l4:#d8bf5a;--l5:#6cc9d1}}
.l0{--l:var(--l0)}.l1{--l:var(--l1)}.l2{--l:var(--l2)}.l3{--l:var(--l3)}.l4{--l:var(--l4)}.l5{--l:var(--l5)}
.plot polyline[class],.key polyline{stroke:var(--l);fill:none;stroke-width:1.75}
.plot circle[class]{fill:var(--l)}
polyline.l1{stroke-dasharray:7 3}
polyline.l2{stroke-dasharray:2 3}
polyline.l3{stroke-dasharray:9 3 2 3}
polyline.l4{stroke-dasharray:14 4}
polyline.l5{stroke-dasharray:4 2 1 2 1 2}
.plot rect{fill:var(--l0)}
.plots{margin-top:.625rem}
.target .plot{flex:1 1 19rem;max-width:26rem}
.target{margin-top:2rem}
.target:first-of-type{margin-top:0}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;font-size:.875rem;margin-top:.25rem}
.legend li{display:flex;align-items:center;gap:.5rem}
.key{width:1.875rem;height:.5rem;flex:none}
.finding h3{align-items:baseline;flex-wrap:nowrap}
.finding .badge{flex:none}
.finding>dl{grid-template-columns:5rem minmax(0,1fr)}
.finding dd .copy{margin-top:0}
.index.known tbody th{min-width:20rem}
.known .in{margin-top:.125rem}
.known td:nth-child(5){white-space:nowrap}
.facts+.scroll{margin-top:.5rem}
.finding+.scroll{margin-top:1.75rem}
.sentences{padding-left:1.25rem}
.sentences li+li{margin-top:.25rem}
.steps{padding-left:1.5rem;max-width:64rem}
.steps li+li{margin-top:1rem}
.steps p{max-width:72ch}
.lanes td{white-space:nowrap}
.lanes .wide{white-space:normal;min-width:13rem}
.lanes td[colspan]{white-space:normal}
.slow tbody th{font-weight:400;overflow-wrap:anywhere;white-space:normal;min-width:14rem}
.slow td:first-child,.workers td{white-space:nowrap}
thead .number{text-align:right}
)css";

}  // namespace

const std::string& style() {
  static const std::string kStyle = report::html::triage_style() + std::string(kSheet);
  return kStyle;
}

}  // namespace sluice::farm::page
