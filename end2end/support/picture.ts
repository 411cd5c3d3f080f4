import { deflateSync } from 'node:zlib';

type Colour = [red: number, green: number, blue: number];

/** The checksum of a piece of a PNG file (ISO 3309). */
function crc32(bytes: Buffer): number {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return (crc ^ 0xffffffff) >>> 0;
}

/** A piece of a PNG file. */
function chunk(kind: string, body: Buffer): Buffer {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
}

/** A square PNG of one colour. */
export function square(side: number, colour: Colour): Buffer {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(side, 0);
    head.writeUInt32BE(side, 4);
    head.set([8, 2, 0, 0, 0], 8);
    const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: side }, () => colour).flat())]);
    const rows = Buffer.concat(Array.from({ length: side }, () => row));
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** An MP3 file with a picture and a name of the book in its tag (ID3 2.3). */
export function tagged(sound: Buffer, book: string, picture: Buffer): Buffer {
    const frame = (id: string, body: Buffer) => {
        const head = Buffer.alloc(10);
        head.write(id, 'latin1');
        head.writeUInt32BE(body.length, 4);
        return Buffer.concat([head, body]);
    };
    const frames = Buffer.concat([
        frame('TALB', Buffer.from(`\0${book}`, 'latin1')),
        frame('APIC', Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), picture])),
    ]);
    const size = [21, 14, 7, 0].map((shift) => (frames.length >> shift) & 0x7f);
    return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(size), frames, sound]);
}
