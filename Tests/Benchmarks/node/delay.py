# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A line to a TCP port of this machine that takes a while: usage: delay.py PORT MILLISECONDS

Prints the port where it listens. What arrives, either way, is passed on so much later, in order and
at any rate: a long line, not a narrow one. A new connection takes a round trip first, as TCP does.
"""
import asyncio
import sys

target, seconds = int(sys.argv[1]), int(sys.argv[2]) / 1000


async def carry(reader, writer):
    waiting = asyncio.Queue(maxsize=4096)
    clock = asyncio.get_running_loop().time

    async def deliver():
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(max(0, due - clock()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    delivery = asyncio.create_task(deliver())
    try:
        while data := await reader.read(1 << 16):
            await waiting.put((clock() + seconds, data))
    except OSError:
        pass
    await waiting.put((clock() + seconds, b""))
    try:
        await delivery
    except OSError:
        pass


async def accept(reader, writer):
    await asyncio.sleep(2 * seconds)
    there, back = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(carry(reader, back), carry(there, writer))


async def main():
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
