/** Type, page frame, tables, chips. */
export const base = `
*,*::before,*::after{box-sizing:border-box}
html{font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;background:var(--ground);color:var(--ink);scroll-padding-top:56px;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere}
h1,h2,h3,h4,h5,p,ul,dl,dd,pre,table{margin:0;padding:0}
ul{list-style:none}
h2{font-size:17px;line-height:1.3;font-weight:650;letter-spacing:-.01em}
h3{font-size:14px;line-height:1.35;font-weight:650}
h4,h5{font-size:12px;font-weight:650}
a{color:var(--link);text-underline-offset:2px;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
a[href^="https:"]::after{content:" \\2197\\fe0e";content:" \\2197\\fe0e"/""}
code,pre,kbd{font-family:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:12px;font-variant-ligatures:none}
small{font-size:12px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
[hidden]{display:none!important}
.unseen,.grid i{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.sprite{position:absolute}
.quiet{color:var(--quiet)}
.skip{position:absolute;left:8px;top:-60px;z-index:9;padding:8px 14px;background:var(--ink);color:var(--panel);border-radius:6px}
.skip:focus{top:6px}
.esc{padding:0 2px;border-radius:3px;background:var(--mark);font-family:ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em}
.i{width:1em;height:1em;flex:none;fill:currentColor;vertical-align:-.125em}
.top{position:sticky;top:0;z-index:5;display:flex;gap:20px;align-items:center;height:44px;padding:0 max(20px,calc((100vw - 1680px)/2));background:var(--ground);border-bottom:1px solid var(--line)}
.brand{display:flex;gap:7px;align-items:center;white-space:nowrap}
.mark{width:18px;height:18px;fill:var(--ink);fill-rule:evenodd}
.top nav{display:flex;gap:4px;flex:1;overflow-x:auto;justify-content:flex-end}
.top nav a{padding:4px 9px;border-radius:6px;color:var(--quiet);text-decoration:none;white-space:nowrap}
.top nav a:hover{background:var(--sunk);color:var(--ink)}
.top nav a:focus-visible{outline-offset:-2px}
main,.foot{max-width:1720px;margin:0 auto;padding:0 20px}
main>section{margin:0 0 44px}
main>section>h2{padding:0 0 8px;margin:0 0 12px;border-bottom:1px solid var(--edge);font-size:19px}
main>section>h3,main>section>.lead+h3{margin:22px 0 8px}
.lead{max-width:75ch;margin:0 0 12px;color:var(--quiet)}
.note{margin:8px 0 0;color:var(--quiet)}
.panel{padding:14px 16px;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.panel h2{margin:0 0 10px;font-size:14px}
.scroll{position:relative;overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px;text-align:start;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--quiet);font-size:12px;font-weight:550;white-space:nowrap;background:var(--sunk)}
tr:target>*{background:var(--mark)}
:lang(ko) :is(p,dd,li){word-break:keep-all}
.n,.z,.figs td:not([class]),.grid td{text-align:end;white-space:nowrap}
.z{color:var(--quiet);font-weight:400}
th small{display:block;color:var(--quiet)}
.scroll td,.scroll th{max-width:88ch;overflow-wrap:break-word}
.r{white-space:nowrap}
span.r{display:inline-block;max-width:100%;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.s,.v,.c{display:inline-flex;gap:5px;align-items:baseline;white-space:nowrap}
.s::before{content:"";flex:none;align-self:center;width:.8em;height:.8em;background:currentColor;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.s.critical::before{clip-path:polygon(50% 3%,97% 50%,50% 97%,3% 50%)}
.s.high::before{clip-path:polygon(50% 9%,95% 88%,5% 88%)}
.s.medium::before{clip-path:inset(12%)}
.s.low::before{clip-path:polygon(50% 91%,5% 12%,95% 12%)}
.s.info::before{background:none;border:.13em solid;border-radius:50%}
.s.critical,.i.critical{color:var(--critical);font-weight:650}
.s.high{color:var(--high)}.s.medium{color:var(--medium)}.s.low{color:var(--low)}.s.info{color:var(--info)}
.v.fail,.c.fail,.c.failed,.c.denied{color:var(--critical);font-weight:600}
.v.unknown,.c.unknown,.c.partial,.c.unreachable{color:var(--unknown);font-weight:600}
.v.pass,.c.complete,.c.scanned{color:var(--pass)}
.v.not-applicable,.c.skipped{color:var(--quiet)}
.v.error{color:var(--high)}
.off>*,.off .s.s,.off .v.v{color:var(--quiet);font-weight:400}
.warn{display:flex;gap:12px;align-items:center;margin:0 0 14px;padding:11px 16px;border-radius:8px;background:var(--gap-ground);color:var(--gap-ink)}
.verdicts+.warn{margin-top:12px}
.warn>.i{width:20px;height:20px}
.warn code{color:inherit}
.warn ul{margin:0;padding-inline-start:18px}
.button{font:inherit;font-size:12px;line-height:18px;padding:3px 9px;border:1px solid var(--edge);border-radius:6px;background:var(--panel);color:var(--ink);cursor:pointer;white-space:nowrap}
.button:hover{border-color:var(--quiet)}
.more{margin:12px 0 0}
.more>summary{padding:4px 0;color:var(--link);cursor:pointer;width:fit-content;list-style:disclosure-closed inside}
.more[open]>summary{list-style-type:disclosure-open}
.foot{padding-top:18px;padding-bottom:40px;color:var(--quiet);font-size:12px}
.foot::before{content:"";display:block;border-top:1px solid var(--edge);margin-bottom:14px}
.foot .facts{margin:0 0 12px}
`;
