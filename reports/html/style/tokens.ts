const light = `
--ground:#f6f6f3;--panel:#fff;--sunk:#efefeb;--ink:#1b1d22;--quiet:#5a5e69;--line:#deded8;--edge:#c3c3bb;--link:#1b57ad;--mark:#fff3c4;
--critical:#a10f45;--high:#b23a10;--medium:#835600;--low:#2b5e93;--info:#5a5e69;--unknown:#6a3fb0;--pass:#1c6e43;
--fail-ground:#9c1239;--fail-ink:#fff;--gap-ground:#5b2d9e;--gap-stripe:#6a3cae;--gap-ink:#fff;--clean-ground:#17643b;--clean-ink:#fff;
--fail-tint:#fdecee;--unknown-tint:#f3edfd;--seg-critical:#8d0b3b;--seg-high:#cf4a1c;--seg-medium:#d99a1c;--seg-low:#5f93c4;--seg-info:#a9adb7;--seg-pass:#4da877;--seg-unknown:#8b62cf;--seg-line:#c5aef0`;

const dark = `
--ground:#121317;--panel:#1a1c21;--sunk:#22252b;--ink:#e7e8ec;--quiet:#a2a7b4;--line:#2c3038;--edge:#454b57;--link:#86b4ff;--mark:#4a3c00;
--critical:#ff86a6;--high:#ff9a72;--medium:#e6b74c;--low:#86bcf0;--info:#a2a7b4;--unknown:#c5a5f7;--pass:#74cf9c;
--fail-ground:#8c1035;--fail-ink:#fff;--gap-ground:#4d2689;--gap-stripe:#5b3399;--gap-ink:#fff;--clean-ground:#15593a;--clean-ink:#fff;
--fail-tint:#35161f;--unknown-tint:#281d3a;--seg-critical:#d6336c;--seg-high:#e8653a;--seg-medium:#d9a227;--seg-low:#4f8fcf;--seg-info:#767c89;--seg-pass:#2f8a5a;--seg-unknown:#7d52c4;--seg-line:#b795ee`;

/** Colours in both themes: the system's choice, unless a class on the root says otherwise; paper is always light. */
export const tokens = `
:root{color-scheme:light;${light}}
@media (prefers-color-scheme:dark){:root:not(.light){color-scheme:dark;${dark}}}
:root.dark{color-scheme:dark;${dark}}
@media print{:root,:root.dark,:root:not(.light){color-scheme:light;${light};--ground:#fff}}
`;
