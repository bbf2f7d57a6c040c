"""The fault server over HTTP/2, for what HTTP/1.1 has not: GOAWAY and the reset of one stream. Needs the module h2.

Of Answer it knows status, type, headers, body, stall, and
    close            GOAWAY comes after the answer, as from a server that is being shut down
    close_at_once    GOAWAY comes in place of the answer, and says that the request was never looked at
    reset_at_once    the stream is refused, the connection stays
"""

import time

import certificates
import h2.config
import h2.connection
import h2.errors
import h2.events
import server


class Connection2(server.Connection):
    def serve(self):
        try:
            self.plain.settimeout(30)
            self.begin()
            if self.stream.selected_alpn_protocol() != "h2":
                return
            self.protocol = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
            self.protocol.initiate_connection()
            self.flush()
            while data := self.stream.recv(65536):
                for event in self.protocol.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self.answer_stream(event)
                self.flush()
        except (server.Gone, OSError, h2.exceptions.ProtocolError):
            pass
        finally:
            self.end()

    def flush(self):
        self.stream.sendall(self.protocol.data_to_send())

    def leave(self, last_stream):
        self.protocol.close_connection(h2.errors.ErrorCodes.NO_ERROR, last_stream_id=last_stream)
        self.flush()
        self.drain()
        raise server.Gone

    def drain(self):
        """Reads until the client goes, too: to close over bytes that were not read is a reset, which can overtake the answer."""
        self.stream.settimeout(1)
        try:
            while self.stream.recv(65536):
                pass
        except OSError:
            pass

    def answer_stream(self, event):
        fields = dict(event.headers)
        request = self.server.arrived(self.number, fields[":method"], fields[":path"], fields, b"")
        answer = self.server.scenario_answer(request)
        if callable(answer):
            answer = answer(request)
        try:
            self.wait(answer.stall)
            if answer.close_at_once:
                self.leave(max(0, event.stream_id - 2))
            if answer.reset_at_once:
                self.protocol.reset_stream(event.stream_id, h2.errors.ErrorCodes.REFUSED_STREAM)
                return
            headers = [(":status", str(answer.status)), ("content-type", answer.type), ("content-length", str(len(answer.body)))]
            self.protocol.send_headers(event.stream_id, headers + [(n.lower(), v) for n, v in answer.headers.items()])
            for at in range(0, len(answer.body), 16384):
                self.protocol.send_data(event.stream_id, answer.body[at : at + 16384])
            self.protocol.end_stream(event.stream_id)
            self.flush()
            if answer.close:
                self.leave(event.stream_id)
        finally:
            request.ended = time.monotonic()


class Server2(server.Server):
    connection_class = Connection2

    def make_context(self, certificate):
        context = certificates.server_context(certificate)
        context.set_alpn_protocols(["h2"])
        return context
