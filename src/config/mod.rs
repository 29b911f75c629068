//! The site: typed from the texts it is given, checked whole, swapped whole on reload.
