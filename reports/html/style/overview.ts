/** The first screen and the coverage matrix. */
export const overview = `
#overview{padding-top:14px}
.verdicts{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.banner{padding:16px 20px 17px;border-radius:10px;border:1px solid transparent;min-height:94px}
.banner h1,.banner h2{display:flex;gap:12px;align-items:center;font-size:28px;line-height:1.2;font-weight:700;letter-spacing:-.02em}
.banner .i{width:.86em;height:.86em}
.banner p,.parts{margin-top:7px;font-size:14px}
.parts{display:flex;flex-wrap:wrap;gap:3px 18px}
.parts li{display:flex;gap:6px;align-items:center}
.parts .i{width:.75em;height:.75em}
.banner.fail{background:var(--fail-ground);color:var(--fail-ink)}
.banner.gap{background:linear-gradient(90deg,var(--gap-ground) 45%,transparent 130%),repeating-linear-gradient(135deg,var(--gap-stripe) 0 9px,var(--gap-ground) 9px 18px);color:var(--gap-ink)}
.banner.clean{background:var(--clean-ground);color:var(--clean-ink)}
.banner.whole{background:var(--panel);border-color:var(--line)}
.banner.whole .i{color:var(--pass)}
.banner.none{background:var(--panel);border:2px solid var(--edge)}
.facts{display:flex;flex-wrap:wrap;gap:10px 28px}
.facts div{min-width:0}
.facts dt{font-size:12px;color:var(--quiet)}
.facts dd{font-weight:600}
.facts small{font-weight:400;color:var(--quiet);display:block}
.foot .facts dd{font-weight:400;color:var(--ink)}
.scope{margin:14px 0;padding:0 2px;justify-content:space-between;gap:10px 26px}
.scope div{max-width:290px}
.scope dd span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.first{display:grid;grid-template-columns:minmax(430px,9fr) minmax(170px,4fr) minmax(320px,11fr);gap:12px;align-items:stretch}
.bar{display:block;border-radius:5px;margin-bottom:12px;background:var(--sunk)}
.seg{stroke:var(--panel);stroke-width:1.5}
.seg.critical{fill:var(--seg-critical)}.seg.high{fill:var(--seg-high)}.seg.medium{fill:var(--seg-medium)}.seg.low{fill:var(--seg-low)}.seg.info{fill:var(--seg-info)}
.seg.pass{fill:var(--seg-pass)}.seg.unknown{fill:url(#hatch)}
.hatch-ground{fill:var(--seg-unknown)}.hatch-line{fill:var(--seg-line)}
.tables{display:grid;grid-template-columns:3fr 2fr;gap:24px}
.tight td,.tight th{padding:4px 0}
.tight thead th{background:none}
.tight .n,.tight .z{padding-left:14px}
.tight td.n{font-weight:600}
.tight .off td.n{font-weight:400}
.score .figure{font-size:42px;line-height:1.1;font-weight:650;letter-spacing:-.03em;font-variant-numeric:tabular-nums;margin:2px 0 6px}
.score table{margin-top:14px;font-size:13px}
.score tbody th{color:var(--quiet)}
.score caption{text-align:start;font-size:12px;color:var(--quiet);padding-bottom:3px}
.earlier{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:24px;margin-top:12px;padding-top:10px;border-top:1px solid var(--line);align-items:start}
.earlier table{white-space:nowrap;width:auto}
.earlier h3{margin:0 0 6px;font-size:12px;font-weight:400;color:var(--quiet)}
.earlier .spark{display:block;border-bottom:1px solid var(--edge)}
.spark .seg,.ticks .seg{stroke:none}
.ticks{display:block;margin-top:3px}.seg.cut{fill:var(--unknown)}
.earlier p{font-size:12px;color:var(--quiet)}
@media (forced-colors:active){.spark,.ticks{forced-color-adjust:none}}
@media print{.spark,.ticks{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.spark .seg.fail{fill:var(--quiet)}
.gaps li{display:grid;grid-template-columns:118px minmax(0,1fr);gap:0 12px;padding:6px 0;border-top:1px solid var(--line);line-height:1.4}
.gaps li:first-child{border-top:0;padding-top:0}
.gaps code{display:block;color:var(--quiet)}
.gaps li>div{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
.gapbox>p{max-width:60ch}
.gapbox>ul+p{margin-top:4px}
.matrix th[scope=rowgroup]{background:var(--panel);border-right:1px solid var(--line);min-width:11em}
.matrix tbody tr:first-child>*{border-top-color:var(--edge)}
.matrix .c.complete{font-weight:400}
.matrix td a{text-decoration-color:var(--unknown)}
.matrix td:has(.denied){background:var(--fail-tint)}
.matrix td:has(.partial),.matrix td:has(.unreachable){background:var(--unknown-tint)}
.matrix .none::before{content:"·";color:var(--edge)}
.matrix code{color:var(--quiet)}
.matrix p span+span::before{content:" · "}
main>.since{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline;margin:-32px 0 44px;padding:10px 16px;background:var(--panel);border:1px solid var(--line);border-radius:8px}
main>.since h2{font-size:14px;margin:0;padding:0;border:0}.since .outcomes{margin:0;row-gap:8px}
.since code{font-weight:400}
@media screen and (max-width:1180px){.first{grid-template-columns:1fr 1fr}.first .counts{grid-column:1/-1}.scope{justify-content:flex-start}}
@media screen and (max-width:720px){
.verdicts,.first,.tables,.earlier{grid-template-columns:1fr}
.banner{padding:13px 15px;min-height:0}.banner h1,.banner h2{font-size:22px;gap:9px}
.scope{display:grid;grid-template-columns:1fr 1fr;gap:10px 16px}
main,.foot{padding-left:12px;padding-right:12px}
.top{position:static;flex-wrap:wrap;height:auto;padding:6px 12px;gap:4px 10px;justify-content:space-between}.top nav{order:3;flex-basis:100%;justify-content:flex-start;margin:0 -9px}
.tables{gap:14px}.tight .n,.tight .z{padding-left:0}
}
`;
