// Holds what was said in Stripe's API against the types of Stripe's own library, which are made of its published OpenAPI:
// `node stripe-types.mjs`. Standard input is JSON with the `version` of the API and `said`, a list of
// - `type`, the name of a type of the library, such as `Stripe.Refund`;
// - `what` was said, in words for who reads a fault;
// - `value`, an answer; or `form`, the fields of a request as they were sent.
// Standard output is a JSON list of faults, in words. No field may be missing, unknown or of another kind, and no word of a
// listed set may be another.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const { version, said } = JSON.parse(readFileSync(0, 'utf8'));
/** Beside this file, so that the packages are found, but in memory only. */
const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'stripe-types.in-memory.mts');
const names = [...new Set(said.map(({ type }) => type))];
const source = [`import Stripe from 'stripe';`, 'export type Version = Stripe.LatestApiVersion;', ...names.map((name, place) => `export type T${place} = ${name};`)].join('\n');

const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    types: [],
};
const host = ts.createCompilerHost(options);
const { fileExists, readFile, getSourceFile } = host;
host.fileExists = (path) => path === PROGRAM || fileExists.call(host, path);
host.readFile = (path) => (path === PROGRAM ? source : readFile.call(host, path));
host.getSourceFile = (path, target, ...rest) =>
    path === PROGRAM ? ts.createSourceFile(path, source, target) : getSourceFile.call(host, path, target, ...rest);
const program = ts.createProgram([PROGRAM], options, host);
const checker = program.getTypeChecker();
const statements = program.getSourceFile(PROGRAM).statements.filter(ts.isTypeAliasDeclaration);
const [published, ...found] = statements.map(({ name }) => checker.getTypeAtLocation(name));
const types = new Map(found.map((type, place) => [names[place], type]));

const is = (type, flag) => (type.flags & flag) !== 0;

/** The types that a value may have: one, or those of a union. Where words are listed, only they: not "any other text". */
function kinds(type) {
    if (!type.isUnion()) return [type];
    const listed = type.types.some((one) => one.isStringLiteral());
    return listed ? type.types.filter((one) => !one.isIntersection()) : type.types;
}

function plain(value, type, sent) {
    if (is(type, ts.TypeFlags.Null)) return value === null;
    if (type.isStringLiteral()) return value === type.value;
    if (type.isNumberLiteral()) return value === type.value || (sent && value === `${type.value}`);
    if (is(type, ts.TypeFlags.BooleanLiteral)) return `${value}` === checker.typeToString(type) && (sent || typeof value === 'boolean');
    if (is(type, ts.TypeFlags.String) || type.isIntersection()) return typeof value === 'string';
    if (is(type, ts.TypeFlags.Number)) return sent ? /^-?\d+$/.test(value) : Number.isSafeInteger(value);
    return false;
}

/** What is wrong with a value, in words; of several types that it may have, with the nearest. `sent` is text, as in forms. */
function faults(value, type, path, sent) {
    if (is(type, ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [`${path}: no type of it is published`];
    const choice = kinds(type);
    if (choice.some((one) => plain(value, one, sent))) return [];
    const whole = choice.filter((one) => is(one, ts.TypeFlags.Object) && Array.isArray(value) === checker.isArrayType(one));
    if (value === null || typeof value !== 'object' || whole.length === 0) {
        return [`${path}: ${JSON.stringify(value)} is no ${checker.typeToString(type)}`];
    }
    // Which one it says it is.
    const own = whole.filter((one) => {
        const object = one.getProperty('object');
        return object && plain(value.object, checker.getTypeOfSymbol(object), sent);
    });
    const found = (own.length > 0 ? own : whole).map((one) => fields(value, one, path, sent));
    return found.reduce((least, next) => (next.length < least.length ? next : least));
}

function fields(value, type, path, sent) {
    if (Array.isArray(value)) {
        const [item] = checker.getTypeArguments(type);
        return value.flatMap((one, place) => faults(one, item, `${path}[${place}]`, sent));
    }
    const any = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    const unknown = Object.entries(value).flatMap(([name, one]) => {
        const here = `${path}.${name}`;
        const known = type.getProperty(name);
        if (known) return faults(one, checker.getTypeOfSymbol(known), here, sent);
        return any ? faults(one, any, here, sent) : [`${here}: ${checker.typeToString(type)} has no such field`];
    });
    const missing = type
        .getProperties()
        .filter((known) => !(known.flags & ts.SymbolFlags.Optional) && !(known.name in value))
        .map((known) => `${path}.${known.name}: is missing`);
    return [...unknown, ...missing];
}

/** The fields of a form, `line_items[0][quantity]=1` and such, as the object that they stand for. */
function nested(form) {
    const root = {};
    for (const [name, value] of new URLSearchParams(form)) {
        const steps = name.replaceAll(']', '').split('[');
        let at = root;
        steps.forEach((step, place) => {
            const key = step === '' ? Object.keys(at).length : step;
            at[key] ??= place + 1 < steps.length ? {} : value;
            at = at[key];
        });
    }
    return lists(root);
}

/** With a list for what is numbered from nought. */
function lists(value) {
    if (typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([key, one]) => [key, lists(one)]);
    const numbered = entries.length > 0 && entries.every(([key], place) => key === `${place}`);
    return numbered ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

const wrong = said.flatMap(({ type, what, value, form }) => {
    const found = types.get(type);
    return form === undefined ? faults(value, found, `${what}: ${type}`, false) : faults(nested(form), found, `${what}: ${type}`, true);
});
if (version !== published.value) {
    wrong.unshift(`the shop speaks version ${version} of Stripe's API, and the types are of ${published.value}: take the release of the package that is of it`);
}
process.stdout.write(JSON.stringify([...new Set(wrong)]));
