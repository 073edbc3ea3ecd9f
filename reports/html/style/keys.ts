/** Keys with their pictures, the calendar, the frameworks. */
export const keys = `
.key,.dependants,.legend{--s3:light-dark(#b06f00,#e0a53a);--ebs:light-dark(#2f6fb5,#6aa7ea);--rds:light-dark(#1f8a72,#4fc0a4);--other:light-dark(#7a7f8c,#9299a6)}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 8px;color:var(--quiet);font-size:12px}
.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-inline-end:5px}
i.s3{background:var(--s3)}i.ebs{background:var(--ebs)}i.rds{background:var(--rds)}i.other{background:var(--other)}
.key{margin:0 0 8px;background:var(--panel);border:1px solid var(--line);border-radius:8px;scroll-margin-top:60px}
.key>summary{display:grid;grid-template-columns:14px 168px minmax(0,3fr) minmax(0,4fr) minmax(0,3fr);gap:1px 12px;align-items:baseline;padding:8px 14px 8px 10px;border-radius:8px;cursor:pointer;list-style:none}
.key>summary::-webkit-details-marker{display:none}
.key>summary::before{content:"";width:0;height:0;border:4px solid transparent;border-inline-start:6px solid var(--quiet);border-inline-end:0;align-self:start;justify-self:center;margin-top:6px}
.key[open]>summary::before{transform:rotate(90deg)}
.key>summary .c{white-space:normal;overflow-wrap:anywhere}
.key>summary:hover{background:var(--sunk)}
.key>summary:focus-visible{outline-offset:-2px}
.key:target>summary{background:var(--mark)}
.key h3,.where{overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.key[open] h3{display:block}
.where{color:var(--quiet);font-size:12px}
.uses{text-align:end;font-variant-numeric:tabular-nums}
.known{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:6px 24px;padding:6px 16px 12px 36px}
.known div{display:grid;grid-template-columns:110px minmax(0,1fr);gap:0 10px}
.known div:first-child{grid-column:1/-1}
.known dt{color:var(--quiet);font-size:12px;line-height:20px}
.known .fail{color:var(--critical);font-weight:600}.known .unknown{color:var(--unknown);font-weight:600}.known .quiet{color:var(--quiet)}
.dependants{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:12px 28px;padding:4px 16px 12px 36px}
.dependants>:only-child{grid-column:1/-1}
.tree{display:block;max-width:560px}
.tree text{font-size:12px;fill:var(--ink);font-variant-numeric:tabular-nums}
text.root{font-weight:650}
.branch{fill:none;stroke:var(--edge);stroke-width:1.5}
path.root{fill:var(--ink)}
rect.s3{fill:var(--s3)}rect.ebs{fill:var(--ebs)}rect.rds{fill:var(--rds)}rect.other{fill:var(--other)}
.key table{font-size:12px}
.key>table td{overflow-wrap:break-word}
.key>table{margin:0 16px 12px 36px;width:calc(100% - 52px)}
.key th,.key td{padding:3px 12px 3px 0}
.key thead th{background:none;white-space:normal}
.dependants td:first-child{min-width:8.4em}.dependants td,.key tbody th{min-width:5.4em}
.key caption{text-align:start;color:var(--quiet);padding:2px 0 3px}.key caption b{color:var(--ink)}
.uses .v{font-size:12px}
.key>p{margin:0;padding:0 16px 12px 36px}
.due .fail{color:var(--critical);font-weight:600}
.due small{display:block;color:var(--quiet)}.due code{color:var(--quiet);overflow-wrap:anywhere}
.due .month th{padding-top:10px;font-weight:650;border-top-color:var(--edge)}
.due .overdue th{color:var(--critical);font-weight:650}
.framework{margin:0 0 26px}
.framework h3{margin:14px 0 8px}
.outcomes{display:flex;flex-wrap:wrap;gap:2px 20px;margin:0 0 12px}
.framework .bar{margin:8px 0}
.seg.fail{fill:var(--seg-critical)}.seg.waived{fill:var(--seg-medium)}.seg.part{fill:var(--seg-pass);opacity:.55}.seg.nothing{fill:var(--seg-info)}.seg.not-covered{fill:var(--sunk);stroke:var(--edge)}
.v.part{color:var(--pass)}.v.waived,.v.nothing,.v.not-covered{color:var(--quiet)}
.framework td p{margin:0 0 3px;font-size:12px}
.framework th b{font-weight:600}
.framework .of{min-width:220px}
.framework .of small{color:var(--quiet);white-space:nowrap}
.chain{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:8px 24px;margin:0 0 18px}
.chain text{font-size:12px;fill:var(--ink)}
.chain rect{fill:var(--seg-unknown)}.chain rect.own{fill:var(--seg-pass)}.chain rect.other{fill:var(--seg-medium)}.chain rect.lost{fill:var(--seg-critical)}
.chain td.lost{color:var(--critical);font-weight:600}.chain td.unread{color:var(--unknown)}
@media screen and (max-width:900px){
.chain{grid-template-columns:minmax(0,1fr)}
.dependants{grid-template-columns:minmax(0,1fr)}
.key>summary{grid-template-columns:14px minmax(0,1fr) auto}
.key h3,.where,.uses{grid-column:2/-1}.uses{text-align:start}
}
@media screen and (max-width:720px){
.known,.dependants{padding-left:14px;padding-right:14px}.known,.known div{grid-template-columns:minmax(0,1fr)}
.key>table{margin:0 14px 12px;width:calc(100% - 28px)}.key>p{padding-left:14px}
}
`;
