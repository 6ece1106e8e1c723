// Containers of C++: routes of a network are found and printed. What they allocate comes from operator new, be it of
// libstdc++ and newlib, or of this heap. main returns 0 when all routes were found.
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Node {
    std::string name;
    std::vector<std::shared_ptr<Node>> neighbours;
};

using Network = std::map<std::string, std::shared_ptr<Node>>;

// A grid of nodes, each with those to its right and below.
Network make_network(unsigned int width)
{
    Network network;
    const auto name = [](unsigned int row, unsigned int column) {
        return "node-in-row-" + std::to_string(row) + "-column-" + std::to_string(column);
    };
    for (unsigned int row = 0U; row < width; row++) {
        for (unsigned int column = 0U; column < width; column++) {
            network[name(row, column)] = std::make_shared<Node>(Node{name(row, column), {}});
        }
    }
    for (unsigned int row = 0U; row < width; row++) {
        for (unsigned int column = 0U; column < width; column++) {
            auto &node = *network[name(row, column)];
            if (column + 1U < width) {
                node.neighbours.push_back(network[name(row, column + 1U)]);
            }
            if (row + 1U < width) {
                node.neighbours.push_back(network[name(row + 1U, column)]);
            }
        }
    }
    return network;
}

// Steps to every node that can be reached.
std::map<std::string, unsigned int> steps_from(const std::shared_ptr<Node> &start)
{
    std::map<std::string, unsigned int> steps{{start->name, 0U}};
    std::deque<std::shared_ptr<Node>> open{start};
    while (!open.empty()) {
        const std::shared_ptr<Node> node = open.front();
        open.pop_front();
        for (const std::shared_ptr<Node> &next : node->neighbours) {
            if (steps.emplace(next->name, steps[node->name] + 1U).second) {
                open.push_back(next);
            }
        }
    }
    return steps;
}

} // namespace

int main()
{
    const Network network = make_network(6U);
    unsigned int farthest = 0U;
    std::size_t found = 0U;
    for (const auto &[name, node] : network) {
        const auto steps = steps_from(node);
        found += steps.size();
        for (const auto &[other, count] : steps) {
            farthest = (count > farthest) ? count : farthest;
        }
    }
    std::printf("%u routes, %u steps the farthest\n", static_cast<unsigned int>(found), farthest);
    return (found == 441U) && (farthest == 10U) ? 0 : 1;
}
