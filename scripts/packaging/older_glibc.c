// What the C++ library of the compiler asks of glibc 2.32 and later: whether the process has one thread
// only. Where nobody says so, it has to expect more.
char __libc_single_threaded = 0;
