// JavaScript types of what callers give, checked before anything reaches the addon: a wrong one is a `TypeError` that names
// the argument and what belongs there, never the value. What the values have to be is the core's business.

/** The JavaScript types of a record's fields; a record in a list stands for objects of its shape. */
export interface Shape {
  readonly [field: string]: FieldType;
}

type FieldType = 'text' | 'integer' | 'flag' | 'texts' | readonly [Shape];

/** Checks a record. `extra` is any object; fields that the shape does not have are left to the core, which names them. */
export function checkRecord(value: unknown, shape: Shape, name: string): void {
  // Nearly every record is right, so names are put together only when one is not.
  if (!isRecord(value, shape)) complainOfRecord(value, shape, name);
}

/** An object that is neither null nor a list. */
export function checkObject(value: unknown, name: string): Record<string, unknown> {
  if (!isObject(value)) throw wrongType(value, name, 'an object');
  return value;
}

/** A string of well-formed Unicode: half a surrogate pair has no UTF-8. */
export function checkText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrongType(value, name, 'a string');
  if (!value.isWellFormed()) throw new TypeError(`${name} must be well-formed Unicode, but has a lone surrogate`);
  return value;
}

/** A whole number that JavaScript holds exactly, within bounds where there are any. */
export function checkInteger(value: unknown, name: string, min?: number, max?: number): number {
  if (typeof value !== 'number') throw wrongType(value, name, 'an integer');
  if (!Number.isSafeInteger(value)) throw new TypeError(`${name} must be an integer that JavaScript holds exactly`);
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    throw new TypeError(`${name} must be an integer from ${min} to ${max}`);
  }
  return value;
}

/** A boolean, a function: what `typeof` names. */
export function checkType(value: unknown, type: 'boolean' | 'function', name: string): void {
  if (typeof value !== type) throw wrongType(value, name, `a ${type}`);
}

/** The error for a value of another type. It tells the type that came, never the value: that may be a secret. */
export function wrongType(value: unknown, name: string, expected: string): TypeError {
  return new TypeError(`${name} must be ${expected}, not ${typeName(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecord(value: unknown, shape: Shape): boolean {
  if (!isObject(value)) return false;
  for (const field of Object.keys(value)) {
    const given = value[field];
    if (given === undefined || given === null) continue;
    const expected = typeOf(shape, field);
    if (expected === undefined ? field === 'extra' && !isObject(given) : !fits(given, expected)) return false;
  }
  return true;
}

/** Not what objects inherit: `constructor` is an unknown field like any other. */
function typeOf(shape: Shape, field: string): FieldType | undefined {
  return Object.hasOwn(shape, field) ? shape[field] : undefined;
}

function fits(value: unknown, expected: FieldType): boolean {
  if (expected === 'text') return typeof value === 'string' && value.isWellFormed();
  if (expected === 'integer') return Number.isSafeInteger(value);
  if (expected === 'flag') return typeof value === 'boolean';
  if (!Array.isArray(value)) return false;
  if (expected === 'texts') return value.every((item) => fits(item, 'text'));
  return value.every((item) => isRecord(item, expected[0]));
}

/** Finds what is wrong with a record and throws. */
function complainOfRecord(value: unknown, shape: Shape, name: string): void {
  const record = checkObject(value, name);
  for (const [field, given] of Object.entries(record)) {
    const expected = typeOf(shape, field);
    if (given === undefined || given === null) continue;
    if (expected !== undefined) complainOfField(given, expected, `${name}.${field}`);
    else if (field === 'extra') checkObject(given, `${name}.extra`);
  }
}

function complainOfField(value: unknown, expected: FieldType, name: string): void {
  if (expected === 'text') checkText(value, name);
  else if (expected === 'integer') checkInteger(value, name);
  else if (expected === 'flag') checkType(value, 'boolean', name);
  else if (!Array.isArray(value))
    throw wrongType(value, name, `an array of ${expected === 'texts' ? 'strings' : 'objects'}`);
  else if (expected === 'texts') value.forEach((item, index) => checkText(item, `${name}[${index}]`));
  else value.forEach((item, index) => complainOfRecord(item, expected[0], `${name}[${index}]`));
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
