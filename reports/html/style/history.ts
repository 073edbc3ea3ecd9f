/** The page over the runs of a history. */
export const history = `
.trends{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.trend{display:grid;grid-template-columns:minmax(0,3fr) minmax(230px,2fr);gap:0 22px;align-items:start;align-content:start;overflow-wrap:normal}
.trend h3{grid-column:1/-1;margin:0 0 8px}
.plot{position:relative;padding-top:16px}
.most{position:absolute;top:0;font-size:12px;color:var(--quiet)}
.columns,.spark{display:block}
.columns{border-top:1px dashed var(--edge);border-bottom:1px solid var(--edge)}
.columns .seg{stroke:none}
.columns .seg.fail{fill:var(--quiet)}.columns .seg.unknown,.spark .seg.unknown{fill:var(--seg-unknown)}
.seg.gap{fill:var(--unknown)}.seg.ended{fill:var(--quiet)}
.spark{border-bottom:1px solid var(--edge)}
.trend tr:first-child>*{border-top:0}
.runs small{display:inline;margin-inline-start:6px}
.runs .none td{color:var(--unknown);font-weight:600;background:var(--unknown-tint)}
@media screen and (max-width:1180px){.trends{grid-template-columns:1fr}}
@media screen and (max-width:720px){.trend{grid-template-columns:1fr}.trend table{margin-top:10px}}
@media (forced-colors:active){.columns{forced-color-adjust:none}}
@media print{.columns{print-color-adjust:exact;-webkit-print-color-adjust:exact}.trend{break-inside:avoid}}
`;
