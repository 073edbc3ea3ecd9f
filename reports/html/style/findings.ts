/** Filter bar, groups, findings. */
export const findings = `
.tools{position:sticky;top:44px;z-index:4;display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:0 -20px 12px;padding:8px 20px;background:var(--ground);border-bottom:1px solid var(--line)}
.tools label{font-weight:600}
.tools input{font:inherit;flex:1 1 220px;min-width:0;max-width:420px;padding:4px 10px;border:1px solid var(--edge);border-radius:6px;background:var(--panel);color:var(--ink)}
.tools input::placeholder{color:var(--quiet);opacity:1}
.tools [role=group]{display:flex;flex-wrap:wrap}
.tools p{margin-inline-start:auto;color:var(--quiet);font-variant-numeric:tabular-nums}
.group>summary,.f>summary{list-style:none;cursor:pointer}
.group>summary::-webkit-details-marker,.f>summary::-webkit-details-marker{display:none}
.group>summary::before,.f>summary::before{content:"";width:0;height:0;border:4px solid transparent;border-inline-start:6px solid var(--quiet);border-inline-end:0;align-self:start;justify-self:center;margin-top:6px}
.group[open]>summary::before,.f[open]>summary::before{transform:rotate(90deg)}
.group{margin:0 0 10px;background:var(--panel);border:1px solid var(--line);border-radius:8px;scroll-margin-top:100px}
.group>summary{display:grid;grid-template-columns:14px 1fr auto;gap:1px 8px;padding:9px 14px 9px 10px;border-radius:8px}
.group>summary:hover,.f>summary:hover{background:var(--sunk)}
.group>summary::before{grid-row:1/3}
.group h3{align-self:end}
.group .line{grid-column:2;display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline;font-size:12px}
.group .line code{color:var(--quiet)}
.tally{grid-column:3;grid-row:1/3;display:flex;flex-wrap:wrap;gap:2px 14px;align-items:center;justify-content:flex-end;font-variant-numeric:tabular-nums}
.tally .word{font-weight:400}
.cut{padding:1px 7px;border-radius:4px;background:var(--unknown-tint);color:var(--unknown);font-size:12px}
.why{max-width:80ch;margin:0;padding:0 14px 4px 32px;font-size:13px}
.about{display:flex;flex-wrap:wrap;gap:2px 12px;padding:0 14px 9px 32px;color:var(--quiet);font-size:12px}
.control b{font-weight:550}
.place{border-top:1px solid var(--line);scroll-margin-top:100px}
.place h4{display:flex;flex-wrap:wrap;gap:0 12px;padding:4px 14px 4px 32px;background:var(--sunk);color:var(--quiet);font-weight:500}
.place h4 b{color:var(--ink);font-weight:inherit}
.place h4 .quiet{margin-inline-start:auto}
.place:target h4,.group:target>summary,.f:target>summary{background:var(--mark)}
.f{border-top:1px solid var(--line);scroll-margin-top:100px}
h4+.f{border-top:0}
.f>summary{display:grid;grid-template-columns:14px 84px minmax(150px,2fr) 5fr;gap:0 10px;padding:5px 14px 5px 10px;align-items:baseline}
.f>summary:focus-visible,.group>summary:focus-visible{outline-offset:-2px}
.f>summary .v,.f>summary .s{font-size:12px}
.who small,.who .s{margin-inline-start:6px}
.who,.msg{overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.who b{font-weight:600}.who small{color:var(--quiet)}
.f[open] .who,.f[open] .msg{display:block}
.f[open]{box-shadow:inset 3px 0 0 var(--edge)}
.body{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:10px 28px;padding:6px 20px 16px 34px}
.body>div:only-child{grid-column:1/-1}
.pairs{display:grid;grid-template-columns:76px minmax(0,1fr);gap:4px 12px}
.pairs dt{color:var(--quiet);font-size:12px;line-height:20px}
.pairs .actual{font-weight:600}
.level{padding:1px 6px;border:1px solid var(--edge);border-radius:4px;font-size:12px;white-space:nowrap}
.said{padding:1px 6px;border:1px solid var(--edge);border-radius:4px;font-size:12px;white-space:nowrap}
.said.over{background:var(--gap-ground);color:var(--gap-ink);border-color:transparent;font-weight:600}
.self{font-size:12px}
.body table{margin-top:10px;font-size:12px}
.body caption{text-align:start;color:var(--quiet);padding:2px 0 3px}
.body th,.body td{padding:3px 12px 3px 0}
.body thead th{background:none}
.body tbody th{color:var(--quiet);white-space:nowrap;width:1%;max-width:220px;overflow:hidden;text-overflow:ellipsis}
.body td code,.body dd code{white-space:pre-wrap}
.body h5,.fix h5{margin:8px 0 3px;color:var(--quiet);font-weight:500}
.body h5+.pairs{grid-template-columns:fit-content(220px) minmax(0,1fr);font-size:12px}
.group>.fix{padding:0 14px 12px 32px}
.fix h5:first-child{margin-top:0}
.fix pre{padding:8px 10px;border-radius:6px;background:var(--sunk);white-space:pre-wrap}
.links{line-height:1.75;min-width:300px}
.links a,.links span:not(.quiet){margin-inline-end:10px;white-space:nowrap;font-size:12px}
@media screen and (max-width:900px){
.body{grid-template-columns:minmax(0,1fr);padding:6px 14px 14px 14px}
.f>summary{grid-template-columns:14px auto 1fr;gap:1px 10px}
.f>summary::before{grid-row:1}
.msg{grid-column:2/-1}
.tools{position:static}
}
@media screen and (max-width:720px){
.tools{margin:0 -12px 12px;padding:8px 12px}
.group>summary{grid-template-columns:14px 1fr}.tally{grid-column:2;grid-row:auto;justify-content:flex-start}.group>summary::before{grid-row:1}
.why,.about,.place h4{padding-left:14px}
.pairs{grid-template-columns:minmax(0,1fr)}.pairs dt{line-height:1.2;margin-top:4px}
}
`;
