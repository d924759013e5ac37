/** The package has no types of its own. */
declare module "har-schema" {
  /** JSON schemas (draft 6) by name; each has its `$id`, such as `har.json#`. */
  const schemas: Readonly<Record<string, object>>;
  export default schemas;
}
