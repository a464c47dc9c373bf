// The driver in C++, over the typed layer; see README.md beside this file.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <voicecall.hpp>

namespace {

std::optional<std::string> from_environment(const char *const name)
{
    const char *const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> words_of(const std::string &line)
{
    std::vector<std::string> words;
    std::size_t begin = 0;
    for (;;) {
        const auto end = line.find('\t', begin);
        words.push_back(line.substr(begin, end - begin));
        if (end == std::string::npos) return words;
        begin = end + 1;
    }
}

std::string callback(const voicecall::Client &client, const std::vector<std::string> &words, const std::chrono::milliseconds timeout)
{
    voicecall::VoiceCallback request;
    request.display_nbr = words.at(2);
    request.caller_nbr = words.at(3);
    request.display_callee_nbr = words.at(2);
    request.callee_nbr = words.at(4);
    return client.create_voice_callback(request, timeout).session_id;
}

std::string notification(const voicecall::Client &client, const std::vector<std::string> &words, const std::chrono::milliseconds timeout)
{
    voicecall::PlayContentInfo file;
    file.notify_voice = "notifyvoice.wav";
    voicecall::VoiceNotification request;
    request.display_nbr = words.at(2);
    request.callee_nbr = words.at(3);
    request.play_info_list = {file};
    return client.create_voice_notification(request, timeout).session_id;
}

std::string verification(const voicecall::Client &client, const std::vector<std::string> &words, const std::chrono::milliseconds timeout)
{
    voicecall::VoiceVerificationCode request;
    request.display_nbr = words.at(2);
    request.callee_nbr = words.at(3);
    request.language_type = 2;
    request.pre_tone = "pretone.wav";
    request.verify_code = "20408";
    return client.create_voice_verification_code(request, timeout).session_id;
}

std::string recording(const voicecall::Client &client, const std::vector<std::string> &words, const std::chrono::milliseconds timeout)
{
    voicecall::Recording request;
    request.file_name = words.at(2);
    request.record_domain = words.at(3);
    return client.get_recording_download_url(request, timeout);
}

std::string perform(const voicecall::Client &client, const std::vector<std::string> &words)
{
    const auto &operation = words.at(0);
    const std::chrono::milliseconds timeout(std::stol(words.at(1)));
    if (operation == "create_voice_callback") return callback(client, words, timeout);
    if (operation == "create_voice_notification") return notification(client, words, timeout);
    if (operation == "create_voice_verification_code") return verification(client, words, timeout);
    if (operation == "get_recording_download_url") return recording(client, words, timeout);
    client.terminate_call(words.at(2), timeout);
    return "";
}

} // namespace

int main()
{
    voicecall::Config config;
    config.app_key = from_environment("VOICECALL_APP_KEY").value_or("");
    config.app_secret = from_environment("VOICECALL_APP_SECRET").value_or("");
    config.endpoint = from_environment("VOICECALL_ENDPOINT");
    config.ca_file = from_environment("VOICECALL_CA_FILE");
    const voicecall::Client client(config);
    for (std::string line; std::getline(std::cin, line);) {
        try {
            const auto answer = perform(client, words_of(line));
            std::cout << "ok\t" << answer << std::endl;
        } catch (const voicecall::Error &error) {
            std::cout << voicecall::name(error.kind()) << '\t' << voicecall::name(error.delivery()) << std::endl;
        }
    }
}
