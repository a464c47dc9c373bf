# With Maven, from a folder that is a repository.
. "$SCRIPTS/command.sh"
mkdir -p src/main/java
cat >pom.xml <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>stranger</groupId>
  <artifactId>stranger</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>11</maven.compiler.release>
  </properties>
  <repositories>
    <repository>
      <id>dist</id>
      <url>file://$DIST/maven</url>
    </repository>
  </repositories>
  <dependencies>
    <dependency>
      <groupId>com.voicecall</groupId>
      <artifactId>voicecall</artifactId>
      <version>$VERSION</version>
    </dependency>
  </dependencies>
  <build>
    <pluginManagement>
      <plugins>
        <plugin>
          <artifactId>maven-compiler-plugin</artifactId>
          <version>3.14.1</version>
        </plugin>
      </plugins>
    </pluginManagement>
  </build>
</project>
XML
cat >src/main/java/Call.java <<'JAVA'
import com.voicecall.PlacedCall;
import com.voicecall.VoiceCallClient;
import com.voicecall.VoiceVerificationCode;
import com.voicecall.testing.Sandbox;

public final class Call {
    public static void main(String[] arguments) {
        try (Sandbox platform = Sandbox.start(); VoiceCallClient client = new VoiceCallClient(platform.config())) {
            PlacedCall call = client.createVoiceVerificationCode(VoiceVerificationCode.builder()
                    .displayNbr(platform.displayNumbers().get(0))
                    .calleeNbr("+8613800000021")
                    .languageType(2)
                    .preTone(platform.voiceFiles().get(0))
                    .verifyCode("1234")
                    .build());
            System.out.println("calling: " + call.sessionId());
        }
    }
}
JAVA
# A repository of its own: an older archive of the same version is not taken from the one that the tests share.
cp -r "$REPOSITORY" repository
rm -rf repository/com/voicecall
mvn --batch-mode --quiet --no-transfer-progress -Dmaven.repo.local="$PWD/repository" compile
java -cp "target/classes:$PWD/repository/com/voicecall/voicecall/$VERSION/voicecall-$VERSION.jar:$(echo repository/net/java/dev/jna/jna/*/jna-*.jar | tr ' ' '\n' | grep -v -e sources | tail -1)" Call
