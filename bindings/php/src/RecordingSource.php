<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;
use VoiceCall\Internal\Shown;

/** Which recording to fetch: by file name and domain, or from a direct address. */
final class RecordingSource
{
    /**
     * @param string|null $fileName `recordObjectName` of the CDR.
     * @param string|null $recordDomain `recordDomain` of the CDR.
     * @param string|null $recordFileDownloadUrl A direct address, instead of both. Whoever has it can listen; do not log it.
     */
    public function __construct(
        public readonly ?string $fileName = null,
        public readonly ?string $recordDomain = null,
        #[\SensitiveParameter] public readonly ?string $recordFileDownloadUrl = null,
    ) {
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, ['recordFileDownloadUrl' => Shown::Hidden]);
    }
}
