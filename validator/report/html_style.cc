// The page's one style sheet. Nothing in it is fetched: fonts are the reader's own.
#include <fmt/format.h>

#include "validator/report/html.h"

namespace sluice::report::html {

namespace {

constexpr std::string_view kPage = R"css(
:root{
  --paper:#fcfcfb;--raised:#f4f4f2;--ink:#1b1e22;--soft:#565d66;--rule:#d9dce0;--link:#0a569e;
  --pass:#17663a;--fail:#ad1f19;--none:#66399a;--warn:#7a4a00;--note:#0a569e;
  --pass-tint:#eaf4ed;--fail-tint:#fbecea;--none-tint:#f2edf8;
  --f0:#d5e5fa;--f1:#fbe6bf;--f2:#d9efd8;--f3:#f6dbea;--f4:#e2defa;--f5:#d2eeee;
  --mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;
  --sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif;
}
@media (prefers-color-scheme:dark){:root{
  --paper:#141619;--raised:#1c1f23;--ink:#e4e6e8;--soft:#a3aab2;--rule:#343a41;--link:#82b8f2;
  --pass:#74d09b;--fail:#ff928a;--none:#cba9f7;--warn:#efb763;--note:#82b8f2;
  --pass-tint:#16261d;--fail-tint:#2c1917;--none-tint:#221b2d;
  --f0:#1f3c5e;--f1:#503d12;--f2:#1f472a;--f3:#52274a;--f4:#383166;--f5:#164a4d;
}}
*,*::before,*::after{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:76rem;padding:1.5rem clamp(1rem,4vw,3rem) 3rem;background:var(--paper);color:var(--ink);
  font:1rem/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:var(--mono);font-size:.875em}
code{unicode-bidi:isolate;direction:ltr}
pre{margin:0;unicode-bidi:isolate;direction:ltr}
h1,h2,h3,h4,p,dl,ul,ol,figure{margin:0;padding:0}
h1,h2,h3,h4{line-height:1.3;text-wrap:balance}
.banner{border-left:.375rem solid var(--c);background:var(--tint);padding:1.25rem clamp(1rem,3vw,2rem) 1.5rem;border-radius:2px}
.banner.pass,.badge.pass{--c:var(--pass);--tint:var(--pass-tint)}
.banner.fail,.badge.fail{--c:var(--fail);--tint:var(--fail-tint)}
.banner.none,.badge.none{--c:var(--none);--tint:var(--none-tint)}
.tool{color:var(--soft);font:.875rem/1.4 var(--mono)}
h1{font-size:clamp(1.25rem,1rem + 1.5vw,1.75rem);font-weight:600;letter-spacing:-.01em;margin-top:.125rem}
.verdict{color:var(--c);font-size:clamp(1.75rem,1.25rem + 2.5vw,2.75rem);line-height:1.15;font-weight:750;letter-spacing:.01em;margin-top:.75rem}
.reason{max-width:60ch;font-size:1.0625rem;margin-top:.25rem}
.counts{display:flex;flex-wrap:wrap;gap:.75rem 2.25rem;margin-top:1.25rem}
.counts dt{color:var(--soft);font-size:.8125rem;line-height:1.4}
.counts dd{margin:0;font-weight:550}
nav{margin-top:1.25rem;font-size:.9375rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
main>section{margin-top:2.75rem}
h2{font-size:1.25rem;font-weight:600;letter-spacing:-.005em;padding-bottom:.375rem;border-bottom:1px solid var(--rule);margin-bottom:.875rem}
h3{font-size:1.0625rem;font-weight:600;display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .625rem}
h3 .name code{font-size:1rem}
.facts,.left{color:var(--soft);font-size:.875rem;margin-top:.25rem}
.left{margin-top:.625rem}
.badge{display:inline-block;color:var(--c);background:var(--tint);border:1px solid currentColor;border-radius:3px;
  padding:0 .4375rem;font:650 .75rem/1.4rem var(--sans);letter-spacing:.04em;white-space:nowrap}
td a .badge,th a .badge{text-decoration:underline;text-underline-offset:.2em}
)css";

constexpr std::string_view kTables = R"css(
.scroll{overflow-x:auto;scrollbar-width:thin}
table{border-collapse:collapse;font-size:.9375rem;line-height:1.45}
th,td{text-align:left;vertical-align:baseline;padding:.4375rem 1.25rem .4375rem 0;border-bottom:1px solid var(--rule);overflow-wrap:normal}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-size:.8125rem;font-weight:550;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600;white-space:nowrap}
.contents tbody th{white-space:normal;font-weight:400;min-width:12rem;max-width:26rem;overflow-wrap:anywhere}
td{overflow-wrap:anywhere;min-width:3.25rem}
.builds td:last-child{min-width:16rem}
.suppressed td{min-width:9rem}
.suppressed td:last-child{min-width:0;white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums}
.contents td{overflow-wrap:normal}
.zero,.nothing{color:var(--soft)}
.in{color:var(--soft);font-size:.8125rem}
.wide{min-width:10rem;vertical-align:middle}
)css";

constexpr std::string_view kFindings = R"css(
.file{margin-top:2rem}
.file:first-of-type{margin-top:0}
.finding{margin-top:1rem;padding:.875rem 0 0 1rem;border-left:3px solid var(--s);scroll-margin-top:1rem}
.finding:target,.file:target{background:var(--raised)}
.finding.error{--s:var(--fail)}
.finding.warning{--s:var(--warn)}
.finding.note{--s:var(--note)}
.finding{padding-top:.125rem;padding-bottom:.125rem}
h4{font-size:1rem;font-weight:550}
h4 code{font-weight:650}
.severity{color:var(--s);font-weight:650;font-size:.8125rem;letter-spacing:.02em}
.because{font-size:1rem;margin-top:.25rem;max-width:70ch}
.finding>dl{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:.1875rem .75rem;align-items:baseline;margin-top:.5rem;font-size:.9375rem}
.finding dt{color:var(--soft);font-size:.8125rem;line-height:1.6}
.finding dd{margin:0}
.finding dd code+code{margin-left:.375rem}
.then{color:var(--soft);font-size:.8125rem;padding:0 .25rem}
.stack{list-style:none}
.excerpt{margin-top:.625rem;padding:.5rem .75rem;background:var(--raised);overflow-x:auto}
.view{margin-top:.75rem;display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem}
.hex{overflow-x:auto;font-size:.8125rem;line-height:1.75;padding:.5rem .75rem;background:var(--raised);border-radius:2px;white-space:pre;overflow-wrap:normal;scrollbar-width:thin}
.at,.gap{color:var(--soft)}
.f0,.f1,.f2,.f3,.f4,.f5{border-bottom:1px solid var(--soft);padding:1px 0}
.f1,.f3,.f5{border-bottom-style:dotted}
.f0{background:var(--f0)}.f1{background:var(--f1)}.f2{background:var(--f2)}
.f3{background:var(--f3)}.f4{background:var(--f4)}.f5{background:var(--f5)}
.s{box-shadow:-2px 0 0 -.5px var(--ink)}
mark{background:var(--fail);color:var(--paper);font-weight:700;text-decoration:underline;text-decoration-thickness:2px}
.here{display:inline-block;width:3px;margin:0 -2px 0 -1px;height:1.1em;vertical-align:-.2em}
.fields{font-size:.8125rem;width:100%}
.fields th,.fields td{padding:.1875rem .75rem .1875rem 0}
.fields td:first-child{white-space:nowrap;font-family:var(--mono)}
.fields td:first-child span{padding:0 .25rem}
.fields .hit{font-weight:700;background:var(--raised)}
.fields .hit tr:last-child td{border-bottom-width:2px}
.view .scroll{max-height:17rem;overflow-y:auto}
@media (min-width:70rem){.view{grid-template-columns:max-content minmax(0,1fr);align-items:start}.hex{max-width:44rem}}
)css";

constexpr std::string_view kCampaigns = R"css(
.campaign{margin-top:1.75rem}
.campaign:first-of-type{margin-top:0}
.campaign .counts{margin-top:.5rem}
.measure{margin-top:.875rem;max-width:44rem;font-size:.9375rem}
.bar{display:block;width:100%;height:.625rem;margin-top:.25rem}
td .bar{margin-top:.4375rem}
.track{fill:var(--rule)}
.part{fill:var(--note);opacity:.55}
.before{fill:var(--note)}
details{margin-top:.875rem;font-size:.9375rem}
summary{cursor:pointer;width:fit-content}
.dark{columns:20rem;column-gap:2rem;margin-top:.5rem;padding-left:1.25rem;font-size:.875rem}
.plots{display:flex;flex-wrap:wrap;gap:1rem 2rem;margin-top:1rem}
.plot{flex:0 1 24rem;min-width:0}
figcaption{font-size:.8125rem;color:var(--soft)}
.plot svg{display:block;width:100%;height:auto}
.plot text{font:11px var(--sans);fill:var(--soft)}
.plot .end{text-anchor:end}
.plot polyline{fill:none;stroke:var(--note);stroke-width:1.75;stroke-linejoin:round}
.plot circle{fill:var(--note)}
.axis{fill:none;stroke:var(--rule);stroke-width:1}
.attestations{padding-left:1.25rem}
footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.8125rem}
)css";

constexpr std::string_view kNarrowAndPrint = R"css(
@media (max-width:30rem){
  body{padding:1rem .875rem 2rem}
  .finding{padding-left:.75rem}
  .finding>dl{grid-template-columns:3.75rem minmax(0,1fr)}
  .hex{font-size:.6875rem;padding:.5rem}
  .counts{gap:.625rem 1.5rem}
  main>section{margin-top:2.25rem}
  .builds,.builds tbody{display:block}
  .builds thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .builds tr{display:grid;grid-template-columns:auto auto auto 1fr;align-items:baseline;gap:.125rem .75rem;padding:.5rem 0;border-bottom:1px solid var(--rule)}
  .builds .zero{display:none}
  .builds td:nth-child(3){grid-column:3/-1;justify-self:end}
  .builds th,.builds td{padding:0;border:0;min-width:0}
  .builds .number::after{content:" " attr(data-unit)}
  .builds .number{text-align:left;white-space:nowrap}
  .builds td.first{grid-column:1/-1}
}
@media (forced-colors:active){mark{outline:2px solid}.f0,.f2,.f4{border-bottom-style:double}}
@media print{
  :root{--paper:#fff;--raised:#fff;--ink:#000;--soft:#444;--rule:#bbb}
  body{max-width:none;padding:0;font-size:10pt}
  nav{display:none}
  a{color:inherit;text-decoration:none}
  .banner,.badge,.hex span,mark,.fields span,.bar,.plot svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
  .scroll,.hex,.excerpt{overflow:visible;max-height:none;white-space:pre-wrap}
  .view .scroll{max-height:none;overflow:visible}
  table{font-size:8pt}
  th,td{padding-right:.5rem;min-width:0!important;overflow-wrap:anywhere}
  .badge{font-size:7pt;padding:0 .25rem}
  .view{grid-template-columns:minmax(0,1fr)}
  .fields tbody:not(.hit){display:none}
  .view,.plot,tr,h3,h4{break-inside:avoid}
  h2,h3,h4{break-after:avoid}
}
)css";

// Who points at a field in the list sees its bytes, and the other way round.
std::string highlights() {
  std::string out;
  for (std::size_t k = 0; k < kMostFields; ++k) {
    out += fmt::format(
        ".view:has(.k{0}:is(:hover,:focus-visible)) .k{0}{{outline:1.5px solid var(--ink);outline-offset:-1px}}\n", k);
  }
  return out;
}

}  // namespace

const std::string& style() {
  static const std::string kStyle =
      fmt::format("{}{}{}{}{}{}", kPage, kTables, kFindings, kCampaigns, kNarrowAndPrint, highlights());
  return kStyle;
}

}  // namespace sluice::report::html
