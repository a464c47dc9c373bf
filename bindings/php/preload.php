<?php

declare(strict_types=1);

/*
 * For the setting opcache.preload: keeps the classes of this package for all requests, and lets them use FFI where
 * `ffi.enable=preload` keeps it from everybody else. Or `require` it in a preload script of your own.
 *
 * With the setting ffi.preload and include/preload.h beside it the functions of libvoicecall are declared once for all
 * requests too.
 */
require_once __DIR__ . '/autoload.php';

// Loaded, not only compiled: a class is kept only when all that it stands on is there.
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . '/src')) as $file) {
    if ($file->getExtension() === 'php') {
        $class = 'VoiceCall\\' . strtr(substr($file->getPathname(), strlen(__DIR__ . '/src/'), -strlen('.php')), '/', '\\');
        class_exists($class);
    }
}
