// Sessions are moved by dragging or by Alt and the arrows. A move ends on the form of the session,
// filled in with the new place: there it is asked whether the client is told, and there it is done.
(() => {
  const board = document.querySelector(".board");
  if (!board) return;
  const says = document.getElementById("board-says");
  const columns = [...board.querySelectorAll(".column")];
  const ROW = 5 * 60_000;
  const STEP = 3; // Rows: a quarter of an hour.
  const LONG_PRESS = 350;
  let moving = null;
  let pressed = null;

  const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: board.dataset.zone, weekday: "long", hour: "numeric", minute: "2-digit",
  });
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: board.dataset.zone, hour: "numeric", minute: "2-digit",
  });
  const rowsOf = (column) => Number(column.dataset.rows);
  const isGrid = () => getComputedStyle(board.querySelector(".cells")).display === "grid";
  const snap = (row) => Math.round(row / STEP) * STEP;
  const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

  function begin(block, kind) {
    const column = block.closest(".column");
    const row = Number(block.dataset.row), span = Number(block.dataset.span);
    const ghost = document.createElement("div");
    ghost.className = "ghost";
    ghost.setAttribute("aria-hidden", "true");
    // A session may begin between two rows: it keeps that.
    const rest = Date.parse(block.dataset.start) - (Date.parse(column.dataset.start) + row * ROW);
    moving = { block, kind, column, row, span, rest, ghost, from: { column, row, span } };
    block.classList.add("moving");
    draw();
  }

  const startOf = (at) => new Date(Date.parse(at.column.dataset.start) + at.row * ROW + at.rest);
  const minutesOf = (at) => Number(at.block.dataset.minutes) + (at.span - at.from.span) * 5;

  function draw() {
    const { ghost, column, row, span, block } = moving;
    const start = startOf(moving), end = new Date(start.getTime() + minutesOf(moving) * 60_000);
    ghost.style.gridRow = `${row + 1} / span ${span}`;
    ghost.textContent = `${time.format(start)} – ${time.format(end)} ${block.dataset.name}`;
    column.querySelector(".cells").append(ghost);
  }

  function say(words, when) {
    says.textContent = words.replace("{who}", moving.block.dataset.name).replace("{when}", when);
  }

  function tell() {
    const start = startOf(moving);
    if (moving.span !== moving.from.span) {
      say(board.dataset.length, time.format(new Date(start.getTime() + minutesOf(moving) * 60_000)));
      return;
    }
    const beside = board.classList.contains("side") ? `, ${moving.column.dataset.title}` : "";
    say(board.dataset.moving, clock.format(start) + beside);
  }

  function leave() {
    if (!moving) return;
    say(board.dataset.left, "");
    moving.ghost.remove();
    moving.block.classList.remove("moving");
    moving = null;
  }

  function go() {
    const { column, row, span, from, block } = moving;
    if (column === from.column && row === from.row && span === from.span) {
      leave();
      return;
    }
    const address = new URL(block.dataset.move, location.href);
    address.searchParams.set("at", startOf(moving).toISOString().slice(0, 16) + "Z");
    address.searchParams.set("minutes", minutesOf(moving));
    if (column !== from.column && board.classList.contains("side")) {
      address.searchParams.set(...column.dataset.resource.split("="));
    }
    location.assign(address);
  }

  function put(column, row, span) {
    const isLonger = span !== moving.span;
    moving.column = column;
    moving.row = isLonger ? moving.row : clamp(row, 0, Math.max(rowsOf(column) - span, 0));
    moving.span = isLonger ? clamp(span, 1, rowsOf(column) - moving.row) : span;
    draw();
  }

  // By keyboard.
  function neighbour(way) {
    let index = columns.indexOf(moving.column) + way;
    while (columns[index] && !("open" in columns[index].dataset)) index += way;
    return columns[index] ?? moving.column;
  }

  board.addEventListener("keydown", (event) => {
    const block = event.target.closest("[data-move]");
    if (!block || !isGrid()) return;
    const way = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.altKey && way) {
      event.preventDefault();
      if (!moving) begin(block, "keys");
      const isAcross = event.key === "ArrowLeft" || event.key === "ArrowRight";
      if (isAcross) put(neighbour(way), moving.row, moving.span);
      else if (event.shiftKey) put(moving.column, moving.row, Math.max(moving.span + way * STEP, STEP));
      else put(moving.column, moving.row + way * STEP, moving.span);
      moving.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
      tell();
    } else if (moving && event.key === "Enter") {
      event.preventDefault();
      go();
    } else if (moving && event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });
  board.addEventListener("focusout", () => moving?.kind === "keys" && leave());

  // By mouse, and by touch after a long press.
  const rowHeight = (column) =>
    column.querySelector(".ground").getBoundingClientRect().height / rowsOf(column);

  function take(event) {
    begin(pressed.block, pressed.isGrip ? "length" : "place");
    pressed.block.setPointerCapture(event.pointerId);
  }

  function follow(event) {
    const under = columns.find((one) => {
      const box = one.querySelector(".ground").getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    });
    if (moving.kind === "length") {
      const rows = (event.clientY - pressed.y) / rowHeight(moving.column);
      const end = snap(moving.from.row + moving.from.span + rows);
      put(moving.column, moving.row, Math.max(end - moving.from.row, STEP));
    } else {
      const column = under && "open" in under.dataset ? under : moving.column;
      const top = column.querySelector(".ground").getBoundingClientRect().top;
      put(column, snap((event.clientY - top) / rowHeight(column) - pressed.grabbed), moving.span);
    }
    const edge = event.clientY < 50 ? -14 : event.clientY > innerHeight - 50 ? 14 : 0;
    if (edge) scrollBy(0, edge);
  }

  function forget() {
    clearTimeout(pressed?.timer);
    pressed = null;
  }

  board.addEventListener("pointerdown", (event) => {
    const block = event.target.closest("[data-move]");
    if (!block || event.button || !isGrid()) return;
    forget();
    leave();
    const column = block.closest(".column");
    const grabbed = (event.clientY - block.getBoundingClientRect().top) / rowHeight(column);
    const isGrip = event.target.classList.contains("grip");
    pressed = { block, grabbed, isGrip, x: event.clientX, y: event.clientY };
    if (event.pointerType !== "mouse") {
      pressed.timer = setTimeout(() => { take(event); tell(); }, LONG_PRESS);
    }
  });
  board.addEventListener("pointermove", (event) => {
    if (!pressed) return;
    const isFar = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 5;
    if (!moving && isFar && event.pointerType === "mouse") take(event);
    else if (!moving && isFar) forget(); // A finger that scrolls.
    if (moving) follow(event);
  });
  board.addEventListener("pointerup", () => {
    if (moving && pressed) {
      // The click that may follow would open the session.
      const stop = (event) => event.preventDefault();
      addEventListener("click", stop, { capture: true });
      setTimeout(() => removeEventListener("click", stop, { capture: true }), 50);
      go();
    }
    forget();
  });
  board.addEventListener("pointercancel", () => { forget(); leave(); });
  board.addEventListener("dragstart", (event) => event.preventDefault());
  board.addEventListener("contextmenu", (event) => {
    if (pressed && (moving || pressed.timer)) event.preventDefault();
  });
  board.addEventListener("touchmove", (event) => moving && event.cancelable && event.preventDefault(), { passive: false });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && moving && pressed) { forget(); leave(); }
  });
  addEventListener("pageshow", () => leave());
})();
