<?php

declare(strict_types=1);

/*
 * A platform that does what a test wants, well or badly: gives the same bytes as the answer to every request. Prints its
 * port, then a line for each request: its connection, and itself in base64. Ends with its standard input.
 *
 * Usage: peer.php close|keep   (the answer, in base64, is the first line of standard input)
 */
const TLS_HANDSHAKE = "\x16";

$then = $argv[1];
$answer = base64_decode(fgets(STDIN));
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
echo substr($name, strrpos($name, ':') + 1), "\n";

$connections = $texts = [];
while (true) {
    $ready = [STDIN, $listener, ...$connections];
    $none = null;
    stream_select($ready, $none, $none, null);
    foreach ($ready as $stream) {
        if ($stream === STDIN) {
            exit(0);
        }
        if ($stream === $listener) {
            $connection = stream_socket_accept($listener);
            $connections[(int) $connection] = $connection;
            $texts[(int) $connection] = '';
            continue;
        }
        $piece = fread($stream, 65536);
        $text = $texts[(int) $stream] .= $piece;
        $isOver = $piece === '' || $piece === false;
        if (!$isOver && ($text[0] === TLS_HANDSHAKE || isWhole($text))) {
            echo (int) $stream, ' ', base64_encode($text), "\n";
            $texts[(int) $stream] = '';
            fwrite($stream, $answer);
            $isOver = $then === 'close';
        }
        if ($isOver) {
            unset($connections[(int) $stream]);
            fclose($stream);
        }
    }
}

function isWhole(string $request): bool
{
    $end = strpos($request, "\r\n\r\n");
    if ($end === false) {
        return false;
    }
    $length = preg_match('/^content-length: *(\d+)/im', $request, $found) === 1 ? (int) $found[1] : 0;
    return strlen($request) >= $end + 4 + $length;
}
