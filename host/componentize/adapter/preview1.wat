;; WASI preview 1 for programs without files, on `ottavo:runtime/program`.
;;
;; All 46 functions are here. A program has three descriptors, 0 to 2, and no folder: what is asked of any
;; other descriptor is `badf`, what a stream cannot do is what POSIX says of a pipe. Nothing here has memory of
;; its own or calls into the program: pointers are the program's, and a wrong one traps it. No import returns
;; a list, so that nothing is allocated while the program collects its garbage.
;;
;; `docs/reference/preview1.md` says the same for people.
(module
  (import "env" "memory" (memory 0))
  (import "ottavo:runtime/program@0.1.0" "write" (func $write (param i32 i32 i32)))
  (import "ottavo:runtime/program@0.1.0" "monotonic" (func $monotonic (result i64)))
  (import "ottavo:runtime/program@0.1.0" "wall" (func $wall (result i64)))
  (import "ottavo:runtime/program@0.1.0" "random" (func $random (result i64)))
  (import "ottavo:runtime/program@0.1.0" "sleep-until" (func $sleep_until (param i64)))
  (import "ottavo:runtime/program@0.1.0" "exit" (func $exit (param i32)))

  ;; A bit for each of the descriptors 0 to 2 that the program has closed.
  (global $closed (mut i32) (i32.const 0))

  ;; Errors: success 0, badf 8, inval 28, nosys 52, notdir 54, notsock 57, notsup 58, spipe 70.

  (func $is_open (param $fd i32) (result i32)
    (if (i32.gt_u (local.get $fd) (i32.const 2)) (then (return (i32.const 0))))
    (i32.eqz (i32.and (i32.const 1) (i32.shr_u (global.get $closed) (local.get $fd)))))

  ;; `errno` for an open descriptor, `badf` for any other.
  (func $answer (param $fd i32) (param $errno i32) (result i32)
    (select (local.get $errno) (i32.const 8) (call $is_open (local.get $fd))))

  ;; Whether the program may write to the descriptor: it is 1 or 2, and open.
  (func $is_output (param $fd i32) (result i32)
    (i32.and (i32.ne (local.get $fd) (i32.const 0)) (call $is_open (local.get $fd))))

  ;; Whether the program may read from the descriptor: it is 0, and open.
  (func $is_input (param $fd i32) (result i32)
    (i32.and (i32.eqz (local.get $fd)) (call $is_open (local.get $fd))))

  ;; ---- arguments and environment: none

  (func $no_strings (param $count i32) (param $size i32) (result i32)
    (i32.store (local.get $count) (i32.const 0))
    (i32.store (local.get $size) (i32.const 0))
    (i32.const 0))
  (func $args_sizes_get (export "args_sizes_get") (param i32 i32) (result i32)
    (call $no_strings (local.get 0) (local.get 1)))
  (func $args_get (export "args_get") (param i32 i32) (result i32) (i32.const 0))
  (func $environ_sizes_get (export "environ_sizes_get") (param i32 i32) (result i32)
    (call $no_strings (local.get 0) (local.get 1)))
  (func $environ_get (export "environ_get") (param i32 i32) (result i32) (i32.const 0))

  ;; ---- clocks: 0 is the wall clock, 1 the monotonic one, the others are not there

  (func $clock_res_get (export "clock_res_get") (param $clock i32) (param $out i32) (result i32)
    (if (i32.gt_u (local.get $clock) (i32.const 1)) (then (return (i32.const 28))))
    (i64.store (local.get $out) (i64.const 1))
    (i32.const 0))
  (func $clock_time_get (export "clock_time_get") (param $clock i32) (param $precision i64) (param $out i32) (result i32)
    (if (i32.gt_u (local.get $clock) (i32.const 1)) (then (return (i32.const 28))))
    (i64.store (local.get $out)
      (if (result i64) (local.get $clock) (then (call $monotonic)) (else (call $wall))))
    (i32.const 0))

  ;; ---- output and input

  (func $fd_write (export "fd_write") (param $fd i32) (param $list i32) (param $count i32) (param $out i32) (result i32)
    (local $written i32) (local $at i32) (local $left i32) (local $part i32)
    (if (i32.eqz (call $is_output (local.get $fd))) (then (return (i32.const 8))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $at (i32.load (local.get $list)))
        (local.set $left (i32.load offset=4 (local.get $list)))
        ;; what has no room in the answer is left for another call
        (br_if $done (i32.gt_u (local.get $left) (i32.sub (i32.const -1) (local.get $written))))
        (local.set $written (i32.add (local.get $written) (local.get $left)))
        (block $whole
          (loop $more
            (br_if $whole (i32.eqz (local.get $left)))
            ;; in parts of 64 KiB at most
            (local.set $part
              (select (local.get $left) (i32.const 65536) (i32.lt_u (local.get $left) (i32.const 65536))))
            (call $write (i32.sub (local.get $fd) (i32.const 1)) (local.get $at) (local.get $part))
            (local.set $at (i32.add (local.get $at) (local.get $part)))
            (local.set $left (i32.sub (local.get $left) (local.get $part)))
            (br $more)))
        (local.set $list (i32.add (local.get $list) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $out) (local.get $written))
    (i32.const 0))

  ;; the input is at its end
  (func $fd_read (export "fd_read") (param $fd i32) (param $list i32) (param $count i32) (param $out i32) (result i32)
    (if (i32.eqz (call $is_input (local.get $fd))) (then (return (i32.const 8))))
    (i32.store (local.get $out) (i32.const 0))
    (i32.const 0))

  (func $fd_close (export "fd_close") (param $fd i32) (result i32)
    (if (i32.eqz (call $is_open (local.get $fd))) (then (return (i32.const 8))))
    (global.set $closed
      (i32.or (global.get $closed) (i32.shl (i32.const 1) (local.get $fd))))
    (i32.const 0))

  ;; of unknown type, which no library takes for a terminal; may be written, or read
  (func $fd_fdstat_get (export "fd_fdstat_get") (param $fd i32) (param $out i32) (result i32)
    (if (i32.eqz (call $is_open (local.get $fd))) (then (return (i32.const 8))))
    (i64.store (local.get $out) (i64.const 0))
    (i64.store offset=8 (local.get $out)
      (select (i64.const 0x40) (i64.const 0x02) (local.get $fd)))
    (i64.store offset=16 (local.get $out) (i64.const 0))
    (i32.const 0))
  (func $fd_filestat_get (export "fd_filestat_get") (param $fd i32) (param $out i32) (result i32)
    (if (i32.eqz (call $is_open (local.get $fd))) (then (return (i32.const 8))))
    (i64.store (local.get $out) (i64.const 0))
    (i64.store offset=8 (local.get $out) (i64.const 0))
    (i64.store offset=16 (local.get $out) (i64.const 0))
    (i64.store offset=24 (local.get $out) (i64.const 1)) ;; links
    (i64.store offset=32 (local.get $out) (i64.const 0))
    (i64.store offset=40 (local.get $out) (i64.const 0))
    (i64.store offset=48 (local.get $out) (i64.const 0))
    (i64.store offset=56 (local.get $out) (i64.const 0))
    (i32.const 0))

  ;; no write waits, each is appended, and each is done when it returns
  (func $fd_fdstat_set_flags (export "fd_fdstat_set_flags") (param $fd i32) (param i32) (result i32)
    (call $answer (local.get $fd) (i32.const 0)))
  (func $fd_sync (export "fd_sync") (param $fd i32) (result i32)
    (call $answer (local.get $fd) (i32.const 0)))
  (func $fd_datasync (export "fd_datasync") (param $fd i32) (result i32)
    (call $answer (local.get $fd) (i32.const 0)))

  ;; ---- what a stream cannot do

  (func $fd_seek (export "fd_seek") (param $fd i32) (param i64 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_tell (export "fd_tell") (param $fd i32) (param i32) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_pread (export "fd_pread") (param $fd i32) (param i32 i32 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_pwrite (export "fd_pwrite") (param $fd i32) (param i32 i32 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_advise (export "fd_advise") (param $fd i32) (param i64 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_allocate (export "fd_allocate") (param $fd i32) (param i64 i64) (result i32)
    (call $answer (local.get $fd) (i32.const 70)))
  (func $fd_filestat_set_size (export "fd_filestat_set_size") (param $fd i32) (param i64) (result i32)
    (call $answer (local.get $fd) (i32.const 28)))
  (func $fd_filestat_set_times (export "fd_filestat_set_times") (param $fd i32) (param i64 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 58)))
  (func $fd_fdstat_set_rights (export "fd_fdstat_set_rights") (param $fd i32) (param i64 i64) (result i32)
    (call $answer (local.get $fd) (i32.const 58)))
  (func $fd_renumber (export "fd_renumber") (param $fd i32) (param i32) (result i32)
    (call $answer (local.get $fd) (i32.const 58)))
  (func $fd_readdir (export "fd_readdir") (param $fd i32) (param i32 i32 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))

  ;; ---- folders: none, so that no path has a beginning

  (func $fd_prestat_get (export "fd_prestat_get") (param i32 i32) (result i32) (i32.const 8))
  (func $fd_prestat_dir_name (export "fd_prestat_dir_name") (param i32 i32 i32) (result i32) (i32.const 8))
  (func $path_create_directory (export "path_create_directory") (param $fd i32) (param i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_filestat_get (export "path_filestat_get") (param $fd i32) (param i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_filestat_set_times (export "path_filestat_set_times") (param $fd i32) (param i32 i32 i32 i64 i64 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_link (export "path_link") (param $fd i32) (param i32 i32 i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_open (export "path_open") (param $fd i32) (param i32 i32 i32 i32 i64 i64 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_readlink (export "path_readlink") (param $fd i32) (param i32 i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_remove_directory (export "path_remove_directory") (param $fd i32) (param i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_rename (export "path_rename") (param $fd i32) (param i32 i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_symlink (export "path_symlink") (param i32 i32) (param $fd i32) (param i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))
  (func $path_unlink_file (export "path_unlink_file") (param $fd i32) (param i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 54)))

  ;; ---- sockets: none

  (func $sock_accept (export "sock_accept") (param $fd i32) (param i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 57)))
  (func $sock_recv (export "sock_recv") (param $fd i32) (param i32 i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 57)))
  (func $sock_send (export "sock_send") (param $fd i32) (param i32 i32 i32 i32) (result i32)
    (call $answer (local.get $fd) (i32.const 57)))
  (func $sock_shutdown (export "sock_shutdown") (param $fd i32) (param i32) (result i32)
    (call $answer (local.get $fd) (i32.const 57)))

  ;; ---- the program itself

  (func $sched_yield (export "sched_yield") (result i32) (i32.const 0))
  (func $proc_exit (export "proc_exit") (param $code i32)
    (call $exit (local.get $code))
    (unreachable))
  (func $proc_raise (export "proc_raise") (param i32) (result i32) (i32.const 52))

  (func $random_get (export "random_get") (param $at i32) (param $left i32) (result i32)
    (local $bits i64)
    (block $short
      (loop $word
        (br_if $short (i32.lt_u (local.get $left) (i32.const 8)))
        (i64.store (local.get $at) (call $random))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 8)))
        (br $word)))
    (if (i32.eqz (local.get $left)) (then (return (i32.const 0))))
    (local.set $bits (call $random))
    (loop $byte
      (i64.store8 (local.get $at) (local.get $bits))
      (local.set $bits (i64.shr_u (local.get $bits) (i64.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $byte (local.get $left)))
    (i32.const 0))

  ;; ---- waiting

  (func $sum (param $a i64) (param $b i64) (result i64)
    (local $sum i64)
    (local.set $sum (i64.add (local.get $a) (local.get $b)))
    (select (i64.const -1) (local.get $sum) (i64.lt_u (local.get $sum) (local.get $a))))

  ;; When a subscription is due, on the monotonic clock. What never waits, and what is wrong, is due at 0.
  (func $due (param $sub i32) (param $begun i64) (param $now i64) (result i64)
    (local $timeout i64) (local $clock i32) (local $wall i64)
    (if (i32.load8_u offset=8 (local.get $sub)) (then (return (i64.const 0))))
    (local.set $clock (i32.load offset=16 (local.get $sub)))
    (if (i32.gt_u (local.get $clock) (i32.const 1)) (then (return (i64.const 0))))
    (local.set $timeout (i64.load offset=24 (local.get $sub)))
    (if (i32.eqz (i32.and (i32.load16_u offset=40 (local.get $sub)) (i32.const 1)))
      (then (return (call $sum (local.get $begun) (local.get $timeout)))))
    (if (local.get $clock) (then (return (local.get $timeout))))
    (local.set $wall (call $wall))
    (if (i64.le_u (local.get $timeout) (local.get $wall)) (then (return (i64.const 0))))
    (call $sum (local.get $now) (i64.sub (local.get $timeout) (local.get $wall))))

  ;; The event of a subscription that is due.
  (func $event (param $sub i32) (param $event i32)
    (local $type i32) (local $id i32)
    (local.set $type (i32.load8_u offset=8 (local.get $sub)))
    (local.set $id (i32.load offset=16 (local.get $sub)))
    (i64.store (local.get $event) (i64.load (local.get $sub)))
    (i64.store offset=8 (local.get $event) (i64.const 0))
    (i64.store offset=16 (local.get $event) (i64.const 0))
    (i64.store offset=24 (local.get $event) (i64.const 0))
    (i32.store8 offset=10 (local.get $event) (local.get $type))
    (block $wrong
      (block $badf
        (block $write
          (block $read
            (block $clock
              (br_table $clock $read $write $wrong (local.get $type)))
            (br_if $wrong (i32.gt_u (local.get $id) (i32.const 1)))
            (return))
          (br_if $badf (i32.eqz (call $is_input (local.get $id))))
          (i32.store16 offset=24 (local.get $event) (i32.const 1)) ;; the other end has hung up
          (return))
        (br_if $badf (i32.eqz (call $is_output (local.get $id))))
        (i64.store offset=16 (local.get $event) (i64.const 65536))
        (return))
      (i32.store16 offset=8 (local.get $event) (i32.const 8))
      (return))
    (i32.store16 offset=8 (local.get $event) (i32.const 28)))

  (func $poll_oneoff (export "poll_oneoff") (param $subs i32) (param $events i32) (param $count i32) (param $out i32) (result i32)
    (local $begun i64) (local $now i64) (local $due i64) (local $wake i64)
    (local $sub i32) (local $left i32) (local $ready i32)
    (if (i32.eqz (local.get $count)) (then (return (i32.const 28))))
    (local.set $begun (call $monotonic))
    (local.set $now (local.get $begun))
    (loop $again
      (local.set $wake (i64.const -1))
      (local.set $sub (local.get $subs))
      (local.set $left (local.get $count))
      (loop $next
        (local.set $due (call $due (local.get $sub) (local.get $begun) (local.get $now)))
        (if (i64.le_u (local.get $due) (local.get $now))
          (then
            (call $event (local.get $sub)
              (i32.add (local.get $events) (i32.shl (local.get $ready) (i32.const 5))))
            (local.set $ready (i32.add (local.get $ready) (i32.const 1))))
          (else
            (if (i64.lt_u (local.get $due) (local.get $wake))
              (then (local.set $wake (local.get $due))))))
        (local.set $sub (i32.add (local.get $sub) (i32.const 48)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $next (local.get $left)))
      (if (i32.eqz (local.get $ready))
        (then
          (call $sleep_until (local.get $wake))
          (local.set $now (call $monotonic))
          (br $again))))
    (i32.store (local.get $out) (local.get $ready))
    (i32.const 0))
)
