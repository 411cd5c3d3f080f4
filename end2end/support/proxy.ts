import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Shop, kill } from './server';

const OPENING_MS = 20_000;

/** What stands in front of a shop and sends its files. */
export interface Proxy {
    address: string;
    close(): Promise<void>;
}

type Name = 'nginx' | 'lighttpd';

/** Where `make setup` put programs that Debian has, or nowhere. */
const taken = () => (process.env.LECTERN_CACHE ? join(process.env.LECTERN_CACHE, 'proxies') : '');

/** The program of a proxy, the one that `make setup` took or the system's; none where neither is here. */
export function program(name: Name): string | undefined {
    return [join(taken(), 'usr/sbin'), '/usr/sbin', '/usr/bin', '/usr/local/bin'].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** nginx, which the shop tells what to send by `X-Accel-Redirect`. */
function nginx(folder: string, port: number, shop: Shop): [string, string[]] {
    const conf = `daemon off;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
    access_log off;
    client_max_body_size 0;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {
        listen 127.0.0.1:${port};
        location / { proxy_pass ${shop.address}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; }
        location /stored/ { internal; alias ${join(shop.data, 'storage')}/; }
    }
}
`;
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, conf);
    return [program('nginx') ?? 'nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')]];
}

/** lighttpd, which the shop tells what to send by `X-Sendfile`. */
function lighttpd(folder: string, port: number, shop: Shop): [string, string[]] {
    const { hostname, port: behind } = new URL(shop.address);
    const conf = `server.modules = ("mod_proxy")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${join(folder, 'empty')}"
server.upload-dirs = ("${folder}")
server.errorlog = "${join(folder, 'error.log')}"
proxy.server = ("" => ((
    "host" => "${hostname}", "port" => ${behind},
    "x-sendfile" => "enable", "x-sendfile-docroot" => ("${join(shop.data, 'storage')}/")
)))
`;
    const file = join(folder, 'lighttpd.conf');
    mkdirSync(join(folder, 'empty'));
    writeFileSync(file, conf);
    const modules = join(taken(), 'usr/lib/lighttpd');
    return [program('lighttpd') ?? 'lighttpd', ['-D', '-f', file, ...(existsSync(modules) ? ['-m', modules] : [])]];
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    return port;
}

function takes(port: number): Promise<boolean> {
    return new Promise((told) => {
        const socket = createConnection(port, '127.0.0.1');
        socket.once('connect', () => told(true)).once('error', () => told(false));
        socket.once('connect', () => socket.destroy());
    });
}

/** Stands in front of a shop. */
export async function inFront(name: Name, shop: Shop): Promise<Proxy> {
    const folder = mkdtempSync(join(tmpdir(), 'lectern-proxy-'));
    const port = await freePort();
    const [command, args] = (name === 'nginx' ? nginx : lighttpd)(folder, port, shop);
    const child = spawn(command, args, { cwd: folder, stdio: 'ignore' });
    const close = async () => {
        // nginx leaves its workers behind when it is killed.
        const ended = child.exitCode === null ? new Promise((gone) => child.once('exit', gone)) : undefined;
        child.kill('SIGTERM');
        await Promise.race([ended, new Promise((late) => setTimeout(late, 5_000))]);
        await kill(child);
        rmSync(folder, { recursive: true, force: true });
    };
    for (const began = Date.now(); !(await takes(port)); ) {
        if (Date.now() - began > OPENING_MS || child.exitCode !== null) {
            await close();
            throw new Error(`${name} did not open`);
        }
        await new Promise((later) => setTimeout(later, 50));
    }
    return { address: `http://127.0.0.1:${port}`, close };
}
