//! Pictures: covers and portraits, checked, made smaller and encoded; drawings made into pixels.
