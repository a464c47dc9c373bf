# With the SDK, from a folder of packages.
. "$SCRIPTS/command.sh"
cat >Call.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>netcoreapp3.1</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="VoiceCall" Version="*" />
  </ItemGroup>
</Project>
XML
cat >Call.cs <<'CS'
using System;
using VoiceCall;
using VoiceCall.Testing;

internal static class Program
{
    private static void Main()
    {
        using (var platform = Sandbox.Start(60))
        using (var client = new VoiceCallClient(platform.NewConfig()))
        {
            var call = client.CreateVoiceVerificationCode(new VoiceVerificationCode
            {
                DisplayNbr = platform.DisplayNumbers[0],
                CalleeNbr = "+8613800000021",
                LanguageType = 2,
                PreTone = platform.VoiceFiles[0],
                VerifyCode = "1234",
            });
            Console.WriteLine("calling: " + call.SessionId);
        }
    }
}
CS
# Packages are unpacked here, not where an older one of the same version may lie.
export NUGET_PACKAGES="$PWD/packages"
"$DOTNET_ROOT/dotnet" build --nologo --verbosity quiet --source "$DIST" --output out
# A file that differs from another by its case alone is lost on Windows.
twins=$(ls out | tr '[:upper:]' '[:lower:]' | sort | uniq -d)
[ -z "$twins" ] || { echo "only by their case differ: $twins"; exit 1; }
"$DOTNET_ROOT/dotnet" out/Call.dll
