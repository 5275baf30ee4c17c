/** Styles for light and dark mode; no information is conveyed by colour alone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #10141a);
  --card: light-dark(#fff, #181e27);
  --text: light-dark(#17202c, #e6eaf0);
  --muted: light-dark(#5a6676, #98a4b5);
  --line: light-dark(#e2e6ec, #2a3340);
  --good: light-dark(#157f50, #4cc38a);
  --bad: light-dark(#c22f27, #f47067);
  --critical: light-dark(#8f1455, #f07ab4);
  --high: light-dark(#c22f27, #f47067);
  --medium: light-dark(#a15c07, #e5a54b);
  --low: light-dark(#2563b8, #74a9f5);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 24px }
header { padding-top: 36px; padding-bottom: 8px }
h1 { font-size: 26px; line-height: 1.2; margin: 0; letter-spacing: -.01em }
h2 { font-size: 17px; margin: 36px 0 12px }
h3 { font-size: 15px; margin: 20px 0 8px } h4 { font-size: 14px; margin: 0 }
p { margin: 4px 0 }
a { color: inherit; text-decoration: none }
a:hover { text-decoration: underline }
.muted { color: var(--muted) }
.small { font-size: 13px }
code, .mono { font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 14px; margin-top: 20px }
.tile { padding: 16px 18px }
.tile b { display: block; font-size: 30px; line-height: 1.15; font-variant-numeric: tabular-nums }
.bar { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: var(--line); margin: 10px 0 8px }
.bar i { display: block }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; color: var(--muted); list-style: none; margin: 0; padding: 0 }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 5px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-bottom: 1px solid var(--line) }
tbody tr:last-child > * { border-bottom: 0 }
th { font-size: 12.5px; font-weight: 600; color: var(--muted) }
tbody th { font-weight: 500; color: var(--text) }
.grid td, .grid thead th + th { text-align: center; white-space: nowrap; font-variant-numeric: tabular-nums }
.grid th:first-child { position: sticky; left: 0; background: var(--card); min-width: 290px; border-radius: 10px }
.grid tbody th { font-size: 14px } .grid .chip { min-width: 68px; text-align: center; margin-right: 8px }
.grid .bad { background: color-mix(in srgb, var(--bad) 13%, transparent); font-weight: 600; color: var(--bad) }
.grid .good { color: var(--good) }
.chip { display: inline-block; font-size: 11.5px; font-weight: 600; padding: 1px 8px; border-radius: 20px; border: 1px solid currentColor; white-space: nowrap }
.critical { color: var(--critical) } .high { color: var(--high) } .medium { color: var(--medium) } .low { color: var(--low) }
.good { color: var(--good) } .bad { color: var(--bad) }
details { margin-bottom: 10px }
summary { cursor: pointer; padding: 12px 16px; display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap }
summary::-webkit-details-marker { display: none }
summary::before { content: '▸'; color: var(--muted); width: 12px }
details[open] > summary::before { content: '▾' }
summary .end { margin-left: auto }
.inside { padding: 0 16px 14px 38px }
.inside > .scroll { margin: 8px -16px -14px -38px; border-top: 1px solid var(--line) }
.inside table { table-layout: fixed; min-width: 640px } .inside th:nth-child(1) { width: 23% } .inside th:nth-child(2) { width: 11% } .inside th:nth-child(3) { width: 27% } .inside th:nth-child(5) { width: 13% }
.inside > .scroll td:first-child, .inside > .scroll th:first-child { padding-left: 38px }
.course { padding: 16px 18px } .lead b { font-size: 30px; line-height: 1.15; font-variant-numeric: tabular-nums }
.course svg { display: block; width: 100%; height: auto; margin-top: 12px } .course summary { padding: 8px 0 0 }
.line { fill: none; stroke: var(--bad); stroke-width: 2; vector-effect: non-scaling-stroke } .axis { stroke: var(--line) }
.ends { display: flex; justify-content: space-between }
.facts { font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere }
.inside-table { margin-bottom: 10px } .inside-table > h3, .inside-table > h4, .inside-table > p, .more { margin: 0; padding: 12px 16px }
.inside-table table { table-layout: fixed; min-width: 760px } .inside-table .mono { overflow-wrap: anywhere }
.inside-table th:nth-child(1) { width: 15% } .inside-table th:nth-child(2) { width: 25% } .inside-table th:last-child { width: 20% }
pre { margin: 4px 0 0; padding: 10px 12px; border-radius: 7px; background: var(--ground); font: 12.5px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere }
ol.steps { padding-left: 20px; margin: 8px 0 }
ol.steps li { margin-bottom: 10px }
del { color: var(--bad); text-decoration: none } ins { color: var(--good); text-decoration: none }
footer { height: 48px }
.empty { padding: 16px 18px }
@media (max-width: 640px) { .grid th:first-child { min-width: 190px } }
@media print { body { background: none } details::details-content { content-visibility: visible; block-size: auto } tr, .tile { break-inside: avoid } .scroll { overflow: visible } }
`;
