/*
 * Reads the body of a webhook from a file, or from standard input, and prints what it says. Judges no signature; in a
 * server voicecall::Webhook does both and knows what to answer.
 *
 * Usage: read_webhook [FILE]
 */
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>

#include <voicecall.hpp>

namespace {

void print(const char *const name, const std::optional<std::string_view> text)
{
    if (text) std::cout << "  " << name << ": " << *text << '\n';
}

void print(const char *const name, const std::optional<voicecall::Time> time)
{
    if (!time) return;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time->at);
    std::cout << "  " << name << ": " << std::put_time(std::gmtime(&seconds), "%Y-%m-%dT%H:%M:%SZ") << '\n';
}

void print(const voicecall::StatusEvent &event)
{
    const bool over = event.type == voicecall::EventType::disconnect;
    std::cout << (over ? "end" : "event") << " of call " << event.session_id << '\n';
    print("at", event.timestamp);
    print("from", event.caller);
    print("to", event.called);
    print("keys", event.digit_info);
    if (event.state_code) std::cout << "  state code: " << *event.state_code << '\n';
    print("state", event.state_desc);
    print("user data", event.user_data);
}

void print(const voicecall::Cdr &cdr)
{
    std::cout << "record of call " << cdr.session_id << '\n';
    print("called", cdr.call_out_start_time);
    print("answered", cdr.call_out_answer_time);
    print("ended", cdr.call_end_time);
    print("recording", cdr.record_object_name);
    print("user data", cdr.user_data);
    // What the fields say together (legs, minutes, the reason) is concluded by the library.
    const auto summary = cdr.summary();
    if (const auto minutes = summary.integer("/billable_minutes"))
        std::cout << "  billable minutes: " << *minutes << '\n';
    print("why it ended", summary.text("/explanation/cause/meaning"));
}

std::string read(std::istream &input)
{
    return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

} // namespace

int main(const int argc, char **const argv)
{
    std::ifstream file;
    if (argc > 1) {
        file.open(argv[1], std::ios::binary);
        if (!file) {
            std::cerr << "read_webhook: " << argv[1] << " cannot be opened\n";
            return EXIT_FAILURE;
        }
    }
    try {
        const voicecall::Event event(read(argc > 1 ? file : std::cin));
        if (const auto status = event.status()) print(*status);
        for (const voicecall::Cdr &cdr : event.cdrs()) print(cdr);
        if (event.event_type() == voicecall::EventType::unknown)
            std::cout << "an event of the unknown type " << event.type() << '\n';
        return EXIT_SUCCESS;
    } catch (const voicecall::Error &error) {
        std::cerr << "read_webhook: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
