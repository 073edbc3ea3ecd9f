/** Colours in both themes: the system's choice, unless a class on the root says otherwise; paper is always light. */
export const tokens = `
:root{color-scheme:light dark;
--ground:light-dark(#f6f6f3,#121317);--panel:light-dark(#fff,#1a1c21);--sunk:light-dark(#efefeb,#22252b);--ink:light-dark(#1b1d22,#e7e8ec);--quiet:light-dark(#5a5e69,#a2a7b4);--line:light-dark(#deded8,#2c3038);--edge:light-dark(#c3c3bb,#454b57);--link:light-dark(#1b57ad,#86b4ff);--mark:light-dark(#fff3c4,#4a3c00);
--critical:light-dark(#a10f45,#ff86a6);--high:light-dark(#b23a10,#ff9a72);--medium:light-dark(#835600,#e6b74c);--low:light-dark(#2b5e93,#86bcf0);--info:light-dark(#5a5e69,#a2a7b4);--unknown:light-dark(#6a3fb0,#c5a5f7);--pass:light-dark(#1c6e43,#74cf9c);
--fail-ground:light-dark(#9c1239,#8c1035);--fail-ink:#fff;--gap-ground:light-dark(#5b2d9e,#4d2689);--gap-stripe:light-dark(#6a3cae,#5b3399);--gap-ink:#fff;--clean-ground:light-dark(#17643b,#15593a);--clean-ink:#fff;
--fail-tint:light-dark(#fdecee,#35161f);--unknown-tint:light-dark(#f3edfd,#281d3a);--seg-critical:light-dark(#8d0b3b,#d6336c);--seg-high:light-dark(#cf4a1c,#e8653a);--seg-medium:light-dark(#d99a1c,#d9a227);--seg-low:light-dark(#5f93c4,#4f8fcf);--seg-info:light-dark(#a9adb7,#767c89);--seg-pass:light-dark(#4da877,#2f8a5a);--seg-unknown:light-dark(#8b62cf,#7d52c4);--seg-line:light-dark(#c5aef0,#b795ee)}
:root.light{color-scheme:light}:root.dark{color-scheme:dark}
@media print{:root,:root.dark{color-scheme:light;--ground:#fff}}
`;
