<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

use VoiceCall\Testing\Sandbox;

/** A folder for a program as a user has it, with the package under `vendor`; removed with the last reference. */
final class Place
{
    public readonly string $folder;

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/voicecall-' . bin2hex(random_bytes(8));
        mkdir("$this->folder/vendor", recursive: true);
        $autoload = var_export(dirname(__DIR__, 2) . '/autoload.php', true);
        file_put_contents("$this->folder/vendor/autoload.php", "<?php require_once $autoload;\n");
    }

    public function __destruct()
    {
        unlink("$this->folder/vendor/autoload.php");
        rmdir("$this->folder/vendor");
        // Not by a pattern: what a download that was cut off left behind begins with a dot.
        foreach (array_diff(scandir($this->folder), ['.', '..']) as $left) {
            unlink("$this->folder/$left");
        }
        rmdir($this->folder);
    }

    /** @return array<string, string> the variables that programs read */
    public static function environment(Sandbox $sandbox): array
    {
        return [
            'VOICECALL_APP_KEY' => $sandbox->appKey,
            'VOICECALL_APP_SECRET' => $sandbox->appSecret,
            'VOICECALL_ENDPOINT' => $sandbox->endpoint,
            'VOICECALL_DISPLAY_NBR' => $sandbox->displayNumbers[0],
        ] + getenv();
    }

    /**
     * What a program prints, complaints included.
     *
     * @param list<string> $command
     * @param array<string, string> $environment
     */
    public function output(array $command, array $environment): string
    {
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes, $this->folder, $environment);
        $printed = stream_get_contents($pipes[1]);
        proc_close($process);
        return $printed;
    }
}
