/** Names and tags that AWS, or somebody with write access, may hand us. */
export const hostileTexts: readonly string[] = [
  '</script><script>globalThis.pwned = 1</script>',
  '</style><img src=x onerror="globalThis.pwned = 1">',
  'javascript:globalThis.pwned=1',
  '" onmouseover="globalThis.pwned=1" x="',
  "'><svg/onload=globalThis.pwned=1>",
  '{{constructor.constructor "return 1"}}{{{raw}}}',
  'gpj.\u202egnp.exe \u2066isolated\u2069 \u200fmark',
  '\u0000\u0001\u001b[31m\u007f\u0085\r\n\t\ufeff\u00ad',
  `lone \ud800 and \udfff`,
  'שלום עולם', 'مرحبا بالعالم', '👩‍💻🏳️‍🌈', 'Z\u0351\u036b\u0343alg\u0318o\u0353',
  'x'.repeat(1000),
  '<!-- --><![CDATA[ ]]>&amp;&lt;',
  '',
];
