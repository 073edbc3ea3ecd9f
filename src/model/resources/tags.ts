/** Tags of a resource, in the order AWS gave them. */
export type Tags = Readonly<Record<string, string>>;
