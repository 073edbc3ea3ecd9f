/** The explorer: filter, facets, list, panel. */
export const explorer = `
@media screen{.live .static{display:none}}
.explorer{--line:46px}
.explorer .tools{position:static;margin:0 0 8px;padding:0;border:0}
.explorer .second{font-size:12px}
.explorer .second label{font-weight:400;color:var(--quiet)}
select,.search input{font:inherit;padding:4px 8px;border:1px solid var(--edge);border-radius:6px;background:var(--panel);color:var(--ink)}
select{font-size:12px}
.search{position:relative;display:flex;flex:1 1 320px;gap:8px;align-items:center}
.search input{flex:1;min-width:0;max-width:none}
.search ul{position:absolute;z-index:6;inset-inline:0;top:100%;margin-top:2px;max-height:340px;overflow:auto;background:var(--panel);border:1px solid var(--edge);border-radius:6px;box-shadow:0 6px 18px rgb(0 0 0/.18)}
.search li{display:flex;gap:12px;justify-content:space-between;padding:4px 10px;cursor:pointer}
.search li small{color:var(--quiet);text-align:end}
.search li:hover,.search li[aria-selected=true]{background:var(--sunk)}
.search li[aria-selected=true]{outline:2px solid var(--link);outline-offset:-2px}
.panes{display:grid;grid-template-columns:232px minmax(0,1fr);gap:12px;align-items:start}
.with-detail .panes{grid-template-columns:232px minmax(0,1fr) minmax(0,460px)}
.filters>summary{padding:4px 0;font-weight:600;cursor:pointer}
.facets{display:flex;flex-direction:column;gap:2px;max-height:calc(100vh - 150px);overflow:auto;padding:1px 4px 1px 1px}
.facets details{padding:4px 0;border-top:1px solid var(--line)}
.facets summary{padding:3px 0;min-height:24px;font-size:12px;font-weight:600;color:var(--quiet);cursor:pointer}
.value{display:flex;gap:8px;justify-content:space-between;width:100%;font:inherit;font-size:12px;line-height:18px;padding:2px 7px;min-height:24px;border:1px solid transparent;border-radius:5px;background:none;color:var(--ink);text-align:start;cursor:pointer;white-space:normal}
.value b{font-weight:400;color:var(--quiet);font-variant-numeric:tabular-nums}
.value:hover{background:var(--sunk);border-color:transparent}
.value[aria-pressed=true]{background:var(--sunk);border-color:var(--link);font-weight:600}
.value[aria-pressed=true] span::before{content:"✓ "}
.more-values{margin-top:3px}
.list{background:var(--panel);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.view{position:relative;height:calc(100vh - 190px);min-height:300px;overflow-y:auto;overscroll-behavior:contain}
.lines{position:relative}
.line{display:grid;grid-template-columns:92px minmax(0,3fr) minmax(0,6fr) minmax(0,2fr);gap:0 12px;padding:4px 12px;align-items:center}
.lines .line{position:absolute;inset-inline:0;height:var(--line);border-bottom:1px solid var(--line);cursor:pointer;overflow:hidden}
.lines-head .line{padding-block:5px;background:var(--sunk);color:var(--quiet);font-size:12px;font-weight:550}
.lines .line:hover{background:var(--sunk)}
.lines .line.active{box-shadow:inset 3px 0 0 var(--edge)}
.lines .line.open-line{background:var(--mark)}
.lines .line:focus-visible{outline-offset:-2px;border-radius:0}
.line>div{min-width:0}
.line>div>*,.l-verdict>span{display:block;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.line small{color:var(--quiet)}
.l-verdict .v,.l-verdict .s{display:flex;font-size:12px;line-height:17px}
.open-line small,.open-line .s,.open-line .v{color:var(--ink)}
.lines .group-line{grid-template-columns:minmax(0,1fr);background:var(--sunk)}
.l-group{display:flex;gap:10px;align-items:baseline}
.l-group>*{flex:0 1 auto}
.l-group .l-count{flex:none;margin-inline-start:auto;font-variant-numeric:tabular-nums}
.line .arrow{width:0;height:0;flex:none;align-self:center;border:4px solid transparent;border-inline-start:6px solid var(--quiet);border-inline-end:0;overflow:visible}
.arrow.open{transform:rotate(90deg)}
.detail{max-height:calc(100vh - 160px);min-height:300px;overflow:auto;padding:12px 16px;background:var(--panel);border:1px solid var(--edge);border-radius:8px}
.detail-head{display:flex;gap:8px;align-items:center}
.detail-head h3{margin-inline-end:auto}
.detail-head p{display:flex;gap:12px;margin-inline-end:auto}
.detail h3{font-size:16px;margin-top:6px}
.detail .message{margin:4px 0 10px}
.detail h4{margin:14px 0 4px;padding-top:8px;border-top:1px solid var(--line)}
.detail h5{margin:8px 0 3px;color:var(--quiet);font-weight:500}
.detail .button{padding:2px 7px}
.detail table{font-size:12px}
.detail th,.detail td{padding:3px 10px 3px 0}
.detail thead th{background:none}
.detail tbody th{white-space:nowrap}
.detail pre{padding:8px 10px;border-radius:6px;background:var(--sunk);white-space:pre-wrap}
.detail td code{white-space:pre-wrap}
.detail .control{display:block}
.command{display:flex;gap:8px;align-items:baseline}
.help{max-width:640px;padding:18px 22px;border:1px solid var(--edge);border-radius:10px;background:var(--panel);color:var(--ink)}
.help::backdrop{background:rgb(0 0 0/.45)}
.help h4{margin:14px 0 4px}
.help .pairs{grid-template-columns:minmax(0,220px) minmax(0,1fr);margin-bottom:10px}
.grid td,.grid th{border-inline-start:1px solid var(--line)}
.grid td>*{color:inherit;font-weight:400;margin-inline-start:6px}.grid td>.unknown{color:var(--unknown);font-weight:600}.grid .unknown::before{content:"? "}
.grid .heat1{background:color-mix(in srgb,var(--fail-tint) 45%,transparent)}.grid .heat2{background:var(--fail-tint)}.grid .heat3{background:color-mix(in srgb,var(--fail-tint) 80%,var(--critical))}.grid .heat4{background:var(--fail-ground)}
.grid td.heat4>*{color:var(--fail-ink)}
@media screen and (max-width:1600px){.with-detail .l-place,.with-detail .lines-head .line>:last-child{display:none}.with-detail .line{grid-template-columns:80px minmax(0,3fr) minmax(0,4fr)}.with-detail .group-line{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:1180px){.with-detail .panes{grid-template-columns:minmax(0,1fr) minmax(0,440px)}.with-detail .filters{display:none}}
@media screen and (max-width:900px){
.panes,.with-detail .panes{grid-template-columns:minmax(0,1fr)}
.explorer{--line:66px}
.line,.with-detail .line{grid-template-columns:80px minmax(0,1fr)}
.lines-head,.l-message small,.l-place{display:none}
.l-message{grid-column:1/-1}
.detail{position:fixed;inset:0;z-index:8;max-height:none;border-radius:0}
.facets{max-height:50vh}
.view{height:70vh}
}
@media (forced-colors:active){.value[aria-pressed=true],.lines .line.active{border:2px solid CanvasText}.arrow{border-inline-start-color:CanvasText!important}}
@media screen{.printed{display:none}}
@media print{
.explorer .panes,.explorer .warn,.help,.printed .button{display:none!important}
.printing .static{display:none}
.printed-finding{padding:8px 0;border-top:1px solid var(--line)}
.printed h3{margin-top:12px}.printed td small,.printed th small{display:block}
.printed-finding .marks{display:flex;flex-wrap:wrap;gap:0 12px}
.printed-finding h3{break-after:avoid}
.printed-finding h4{margin-top:6px}
.printed-finding pre{padding:5px 8px;background:var(--sunk);white-space:pre-wrap}
.printed-finding .message{margin:2px 0 6px}
.printed-finding td code{white-space:pre-wrap}
}
.detail td small{display:block;color:var(--quiet)}
`;
