"""Two virtual Bluetooth controllers, each on a pseudo-terminal, joined by a link without a radio.

usage: controllers.py DIRECTORY

Puts links to the pseudo-terminals into the directory, as hci0 and hci1, prints {}, then obeys lines on standard input:

    {"cutEvery": 10}   the link is lost at every tenth packet from the peripheral; 0 never again
    {"trace": "FILE"}  all that is on air goes into a file, for people to look at

and answers each with one line of JSON. What the controllers complain about goes to standard error.
"""

import asyncio
import json
import logging
import sys

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport import open_transport

CONNECTION_TIMEOUT = 0x08


class FaultyLink(LocalLink):
    """A link that can be lost on purpose."""

    def __init__(self):
        super().__init__()
        self.cut_every = 0
        self.packets = 0
        self.cuts = 0
        self.trace = None

    def send_acl_data(self, sender_controller, destination_address, transport, data):
        connection = sender_controller.le_connections.get(destination_address)
        if connection is None:
            # Sent before the sender had heard that the link is gone.
            return
        is_peripheral = connection.role == hci.Role.PERIPHERAL
        self.note("token" if is_peripheral else "desk", data)
        if is_peripheral:
            self.packets += 1
            if self.cut_every and self.packets % self.cut_every == 0:
                self.cuts += 1
                self.note("link", b"")
                self.cut()
                return
        super().send_acl_data(sender_controller, destination_address, transport, data)

    def send_advertising_pdu(self, sender_controller, packet):
        self.note("advertised", bytes(getattr(packet, "data", b"")))
        super().send_advertising_pdu(sender_controller, packet)

    def note(self, who, data):
        if self.trace:
            self.trace.write(f"{asyncio.get_running_loop().time():.3f} {who} {data.hex()}\n")

    def cut(self):
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, CONNECTION_TIMEOUT)

    def obey(self, command):
        if "cutEvery" in command:
            self.cut_every = command["cutEvery"]
            self.packets = 0
            self.cuts = 0
        if "trace" in command:
            self.trace = open(command["trace"], "w", encoding="ascii")
        return {"packets": self.packets, "cuts": self.cuts}


async def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    link = FaultyLink()
    for index in range(2):
        transport = await open_transport(f"pty:{sys.argv[1]}/hci{index}")
        controller = Controller(
            f"C{index}",
            host_source=transport.source,
            host_sink=transport.sink,
            link=link,
            public_address=f"F0:F1:F2:F3:F4:F{index}",
        )
        # Data finds its connection by the sender's random address, whichever of both a host has used.
        controller.random_address = controller.public_address
    print("{}", flush=True)

    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        print(json.dumps(link.obey(json.loads(line))), flush=True)


asyncio.run(main())
