"""Two virtual Bluetooth controllers, each on a pseudo-terminal, joined by a link without a radio.

usage: controllers.py DIRECTORY

Puts links to the pseudo-terminals into the directory, as hci0 and hci1, prints {}, then obeys lines on standard input:

    {"cutEvery": 10}   the link is lost at every tenth notification from now on; 0 never again
    {"cutAt": 10}      the link is lost once, at the tenth packet of whatever kind from the peripheral from now on
    {"trace": "FILE"}  all that is on air goes into a file, for people to look at

and answers each with one line of JSON. What the controllers complain about goes to standard error.
"""

import asyncio
import json
import logging
import sys
import time

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport import open_transport

CONNECTION_TIMEOUT = 0x08
LATE_SECONDS = 2


# A notification of the attribute protocol, behind its length and channel.
NOTIFICATION = bytes([4, 0, 0x1B])


class FaultyLink(LocalLink):
    """A link that can be lost on purpose."""

    def __init__(self):
        super().__init__()
        self.cut_every = 0
        self.cut_at = 0
        self.packets = 0
        self.notifications = 0
        self.cuts = 0
        self.cut_time = float("-inf")
        self.trace = None

    def filter(self, record):
        """Of what the controllers complain about, leaves out packets that were on their way when the link was cut."""
        is_late = time.monotonic() - self.cut_time < LATE_SECONDS
        return not (is_late and record.getMessage().startswith("!!! no connection for"))

    def send_acl_data(self, sender_controller, destination_address, transport, data):
        connection = sender_controller.le_connections.get(destination_address)
        if connection is None:
            # Sent before the sender had heard that the link is gone.
            return
        is_peripheral = connection.role == hci.Role.PERIPHERAL
        self.note("token" if is_peripheral else "desk", data)
        if is_peripheral and self.is_lost_with(data):
            self.cuts += 1
            self.note("link-lost", b"")
            self.cut()
            return
        super().send_acl_data(sender_controller, destination_address, transport, data)

    def is_lost_with(self, data):
        self.packets += 1
        is_notification = data[2:5] == NOTIFICATION
        if is_notification:
            self.notifications += 1
        every = self.cut_every and is_notification and self.notifications % self.cut_every == 0
        return every or self.packets == self.cut_at

    def send_advertising_pdu(self, sender_controller, packet):
        self.note("advertised", bytes(getattr(packet, "data", b"")))
        super().send_advertising_pdu(sender_controller, packet)

    def note(self, who, data):
        if self.trace:
            self.trace.write(f"{asyncio.get_running_loop().time():.3f} {who} {data.hex()}\n")

    def cut(self):
        self.cut_time = time.monotonic()
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, CONNECTION_TIMEOUT)

    def obey(self, command):
        if "cutEvery" in command or "cutAt" in command:
            self.cut_every = command.get("cutEvery", 0)
            self.cut_at = command.get("cutAt", 0)
            self.packets = self.notifications = self.cuts = 0
        if "trace" in command:
            self.trace = open(command["trace"], "w", encoding="ascii", buffering=1)
        return {"packets": self.packets, "cuts": self.cuts}


async def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    link = FaultyLink()
    logging.getLogger("bumble.controller").addFilter(link.filter)
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
