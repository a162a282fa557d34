"""Two virtual Bluetooth controllers, each on a pseudo-terminal, joined by a link without a radio.

usage: controllers.py DIRECTORY

Puts links to the pseudo-terminals into the directory, as hci0 and hci1, prints {}, then obeys lines on standard input:

    {"cutEvery": 10}   the link is lost at every tenth notification from now on; 0 never again
    {"cutAt": 10}      the link is lost once, at the tenth packet of whatever kind from the peripheral from now on
    {"trace": "FILE"}  all that is on air goes into a file, for people to look at
    {"beacon": {"address": "C0:00:00:00:00:01", "data": "02011a", "kind": 16, "seconds": 0.27}}
                       this packet is on air from now on, in the place of the last one, without a controller of its own:
                       kind is the event type of an extended advertising report; null ends it

and answers each with one line of JSON. What the controllers complain about goes to standard error.
"""

import asyncio
import json
import logging
import random
import sys
import time

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport import open_transport

CONNECTION_TIMEOUT = 0x08
LATE_SECONDS = 2
# Of each time between two packets, so that senders do not meet again and again.
RANDOM_DELAY_SECONDS = 0.01
BEACON_RSSI = -50


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
        self.beacon = None

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

    async def send_beacon(self, address, data, kind, seconds):
        report = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=hci.HCI_LE_Extended_Advertising_Report_Event.EventType(kind),
            address_type=hci.Address.RANDOM_DEVICE_ADDRESS,
            address=hci.Address(address),
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=0xFF,
            tx_power=0x7F,
            rssi=BEACON_RSSI,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=bytes.fromhex(data),
        )
        while True:
            for controller in self.controllers:
                if controller.le_scan_enable:
                    controller.send_hci_packet(
                        hci.HCI_LE_Extended_Advertising_Report_Event([report])
                    )
            await asyncio.sleep(seconds + random.uniform(0, RANDOM_DELAY_SECONDS))

    def obey(self, command):
        if "beacon" in command:
            if self.beacon:
                self.beacon.cancel()
            beacon = command["beacon"]
            self.beacon = beacon and asyncio.create_task(self.send_beacon(**beacon))
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
