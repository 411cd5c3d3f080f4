import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './server';

interface Property {
    /** The names of the types that its value may have. */
    range: Set<string>;
}

interface Type {
    parents: string[];
    properties: Map<string, Property>;
}

/** Values that stand as text or numbers in JSON, whatever finer name the vocabulary has for them. */
const PLAIN = new Set(['Text', 'URL', 'Date', 'DateTime', 'Time', 'Number', 'Integer', 'Boolean', 'Duration', 'Distance']);

/** The types and properties of schema.org, as the package of their TypeScript types lists them. */
export class Vocabulary {
    /** What is common to a type and its kinds. */
    private readonly bases = new Map<string, Type>();
    /** The base of each type that may be named. */
    private readonly leaves = new Map<string, string>();
    /** Names of types that stand for several. */
    private readonly aliases = new Map<string, string[]>();

    constructor() {
        const source = readFileSync(join(ROOT, 'node_modules/schema-dts/dist/schema.d.ts'), 'utf8');
        const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '');
        const declared = /interface (\w+)(?: extends ([\w\s,"|<>]+?))? \{([^}]*)\}/g;
        for (const [, name, parents = '', body] of code.matchAll(declared)) {
            const properties = new Map<string, Property>();
            for (const [, property, range] of body.matchAll(/"([\w-]+)"\?: SchemaValue<([^;]*), "[\w-]+">;/g)) {
                properties.set(property, { range: new Set(range.split('|').map((type) => type.trim())) });
            }
            this.bases.set(name, { parents: parents.split(',').map((parent) => parent.trim()).filter(Boolean), properties });
            const leaf = /"@type": "([\w:]+)";/.exec(body)?.[1];
            if (leaf) this.leaves.set(leaf, name);
        }
        for (const [, name, kinds] of code.matchAll(/export type (\w+) = ([^;]*);/g)) {
            this.aliases.set(name, kinds.split('|').map((kind) => kind.trim()));
        }
    }

    /** What is wrong with some structured data, in words; nothing when every word of it is the vocabulary's. */
    faults(data: unknown, path = '$'): string[] {
        if (Array.isArray(data)) return data.flatMap((item, place) => this.faults(item, `${path}[${place}]`));
        if (data === null || typeof data !== 'object') return [];
        const fields = Object.entries(data).filter(([name]) => !name.startsWith('@'));
        const types = [(data as Record<string, unknown>)['@type']].flat().map(String);
        const unknown = types.filter((type) => !this.leaves.has(type));
        if (unknown.length > 0) return [`${path} is a ${unknown.join(' and a ')}, which schema.org does not know`];
        return fields.flatMap(([name, value]) => {
            const here = `${path}.${name}`;
            const property = types.map((type) => this.property(this.leaves.get(type) ?? '', name)).find(Boolean);
            // A hint of how to fill in a search (schema.org/docs/actions.html): made of a property and a suffix.
            if (name.endsWith('-input') || name.endsWith('-output')) return [];
            if (!property) return [`${here}: no ${types.join(' or ')} has it`];
            return [value].flat().flatMap((one, place) => {
                const fits = this.fits(one, property.range);
                const wrong = fits ? [] : [`${here}[${place}] is ${JSON.stringify(one)?.slice(0, 80)}, not one of ${[...property.range].join(', ')}`];
                return [...wrong, ...this.faults(one, `${here}[${place}]`)];
            });
        });
    }

    private property(base: string, name: string): Property | undefined {
        const type = this.bases.get(base);
        return type?.properties.get(name) ?? type?.parents.map((parent) => this.property(parent, name)).find(Boolean);
    }

    private fits(value: unknown, range: Set<string>): boolean {
        const named = [...range].flatMap((type) => this.kinds(type));
        if (value === null || typeof value !== 'object') {
            return named.some((type) => PLAIN.has(type) || type === 'string' || type === 'number' || type.startsWith('"'));
        }
        const types = [(value as Record<string, unknown>)['@type']].flat().map(String);
        return types.some((type) => named.includes(`${type}Leaf`) || named.includes(type));
    }

    /** A type and all that count as one of it. */
    private kinds(type: string, seen = new Set<string>()): string[] {
        if (seen.has(type)) return [];
        seen.add(type);
        return [type, ...(this.aliases.get(type) ?? []).flatMap((kind) => this.kinds(kind, seen))];
    }
}
