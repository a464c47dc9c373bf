<?php

declare(strict_types=1);

/*
 * For the setting opcache.preload: declares the functions of libvoicecall once for all requests, and lets this package use
 * them where `ffi.enable=preload` keeps FFI from everybody else. Or `require` it in a preload script of your own.
 *
 * The library has to be where the system's loader finds it (ldconfig, LD_LIBRARY_PATH).
 */
FFI::load(__DIR__ . '/include/preload.h');

require_once __DIR__ . '/autoload.php';

// Loaded, not only compiled: a class is kept only when all that it stands on is there.
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . '/src')) as $file) {
    if ($file->getExtension() === 'php') {
        $class = 'VoiceCall\\' . strtr(substr($file->getPathname(), strlen(__DIR__ . '/src/'), -strlen('.php')), '/', '\\');
        class_exists($class);
    }
}
