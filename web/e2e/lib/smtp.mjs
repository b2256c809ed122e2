/** A mail server of the tests: takes mails without encryption on this machine, and refuses recipients while told to. */
import { createServer } from "node:net";

export async function startSmtp() {
  const mails = [];
  const state = { refuse: false };
  const server = createServer((socket) => {
    let rest = "";
    let mail = null;
    const say = (text) => socket.write(`${text}\r\n`);
    const answer = (line) => {
      if (mail !== null) {
        if (line === ".") {
          mails.push(mail);
          mail = null;
          say("250 2.0.0 queued as 4711");
        } else {
          mail += `${line.replace(/^\./, "")}\r\n`;
        }
      } else if (/^DATA/i.test(line)) {
        mail = "";
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else if (/^RCPT/i.test(line) && state.refuse) {
        say("550 5.1.1 no such user");
      } else {
        say("250 fine");
      }
    };
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      const lines = (rest + chunk).split("\r\n");
      rest = lines.pop();
      lines.forEach(answer);
    });
    say("220 test ESMTP");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, mails, state, stop: () => server.close() };
}

/** The words of a mail: lines that its encoding cut are joined again. */
export function wordsOf(mail) {
  const whole = mail.replaceAll("=\r\n", "");
  return Buffer.from(
    whole.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");
}
