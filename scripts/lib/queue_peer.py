"""Empty jobs through procrastinate, a queue on PostgreSQL: queue_peer.py DATABASE_URL JOBS. Prints jobs a second."""

import asyncio
import sys
import time

import procrastinate

url, many = sys.argv[1], int(sys.argv[2])
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))


@app.task(name="empty")
async def empty(number: int) -> None:
    del number


async def main() -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        begun = time.perf_counter()
        for first in range(0, many, 500):
            await empty.batch_defer_async(*({"number": n} for n in range(first, min(first + 500, many))))
        asked = time.perf_counter()
        await app.run_worker_async(concurrency=64, wait=False, install_signal_handlers=False)
        done = time.perf_counter()
    print(f"  procrastinate: {many} empty jobs: enqueued {many / (asked - begun):.0f}/s, done {many / (done - asked):.0f}/s")


asyncio.run(main())
