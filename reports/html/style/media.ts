/** Forced colours, motion, paper. */
export const media = `
@media (prefers-reduced-motion:no-preference){
.group>summary::before,.f>summary::before{transition:transform .12s}
}
@media (forced-colors:active){
.i{fill:CanvasText;forced-color-adjust:auto}
.s::before{background:CanvasText;forced-color-adjust:none}
.s.info::before{background:none;color:CanvasText}
a .i{fill:LinkText}
.banner,.panel,.warn,.cut,.esc,.fix pre{border:1px solid CanvasText}
.banner.fail,.banner.gap,.warn{border-width:4px}
.bar{forced-color-adjust:none}
.group>summary::before,.f>summary::before{border-inline-start-color:CanvasText;forced-color-adjust:none}
.matrix .c{color:CanvasText}
}
@page{margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9px}@bottom-left{content:"atrest";font-size:9px}}
.paper{margin:0 0 8px}@media screen{.paper{display:none}}
@media print{
html{font-size:10.5px}
code,pre,small,.facts dt,thead th{font-size:9.5px}
.top{position:static;border:0;padding:0}
.top nav,.skip,.tools,.button,.self,.unheld{display:none!important}
main,.foot{max-width:none;padding:0}
.banner,.seg,.warn,.hatch-ground,.hatch-line,.matrix td,.place h4,thead th{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.banner{padding:10px 14px;min-height:0}.banner h1,.banner h2{font-size:21px}.banner p,.parts{font-size:11px}
.first{grid-template-columns:8fr 4fr 7fr;gap:8px}.panel{padding:9px 11px}.panel h2{font-size:11px}.tables{gap:16px}.score .figure{font-size:27px}.score table{font-size:10px;margin-top:8px}.gaps li{grid-template-columns:92px minmax(0,1fr);gap:0 6px}
main>section>h2{font-size:15px}h3{font-size:12px}h4,.why,.about,.group .line,.f>summary .v,.pairs dt,.body table,.level{font-size:10px}
th,td{padding:3px 7px}.tight th,.tight td{padding:2px 0}
.f>summary{grid-template-columns:0 62px minmax(0,2fr) 5fr}.group>summary{grid-template-columns:0 1fr auto}.why,.about,.place h4{padding-left:18px}.body{gap:8px 18px}.pairs{grid-template-columns:56px minmax(0,1fr)}
.scroll{overflow:visible;border:0}
details::details-content{content-visibility:visible;display:block;block-size:auto}
summary::before{visibility:hidden}
.who,.msg{display:block}
thead{display:table-header-group}
tr,.pairs,.fix,.banner,.panel,.warn{break-inside:avoid}
h2,h3,h4,summary,.place h4{break-after:avoid}
.f{break-inside:avoid}
#coverage,#findings,#keys,#rules{break-before:page}
.key.later>:not(summary){display:none!important}
.group{border-width:1px 0 0;border-radius:0}
.body{padding-left:20px}
a{color:inherit}
.links a{text-decoration:none}
}
`;
