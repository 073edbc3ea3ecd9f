/** The languages in which pages for people can be rendered, by their code. */
export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
