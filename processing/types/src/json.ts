/** Anything that survives `JSON.parse(JSON.stringify(x))`: the currency of records, parameters and messages. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue | undefined }
export type JsonObject = { [key: string]: JsonValue | undefined }
