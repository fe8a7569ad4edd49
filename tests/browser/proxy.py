"""A TCP proxy on the loopback that delays all bytes, as a kernel far away does."""

import asyncio
import threading


class Proxy:
    """Listens on a port of 127.0.0.1, and passes each byte on `delay` seconds later, both ways."""

    def __init__(self, target, delay):
        self.target, self.delay = target, delay
        self.writers = []
        self.loop = asyncio.new_event_loop()
        listening = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self.thread.start()
        listening.wait()

    def _run(self, listening):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0)
        )
        self.port = self.server.sockets[0].getsockname()[1]
        listening.set()
        self.loop.run_forever()
        self.server.close()
        self.loop.run_until_complete(self._end())
        self.loop.close()

    async def _end(self):
        """Close every connection: one left open is a warning in whichever test runs later."""
        while True:
            for writer in self.writers:
                writer.close()
            await asyncio.sleep(0)
            serving = asyncio.all_tasks() - {asyncio.current_task()}
            if not serving:
                return
            await asyncio.wait(serving, timeout=0.1)

    def stop(self):
        """End the proxy and its connections."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _serve(self, reader, writer):
        try:
            near, far = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        self.writers += writer, far
        await asyncio.gather(self._pass(reader, far), self._pass(near, writer))

    async def _pass(self, reader, writer):
        """Read at once, and write what was read when its time has come."""
        queue = asyncio.Queue()
        writing = self.loop.create_task(self._write(queue, writer))
        while True:
            try:
                data = await reader.read(2**16)
            except OSError:
                data = b""
            queue.put_nowait((self.loop.time() + self.delay, data))
            if not data:
                break
        await writing

    async def _write(self, queue, writer):
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - self.loop.time()))
            if not data:
                writer.close()
                return
            try:
                writer.write(data)
                await writer.drain()
            except OSError:
                return
