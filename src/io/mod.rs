//! Sockets, clocks, files, signals: the only place beside `phone` and `cli` that touches the outside.
