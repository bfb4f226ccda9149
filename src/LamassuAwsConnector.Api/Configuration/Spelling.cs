namespace LamassuAwsConnector.Api.Configuration;

internal static class Spelling
{
    /// <summary>So many typing errors are taken for such: one in short names, two in others.</summary>
    public static int NearEnough(string name) => name.Split(':')[^1].Length < 6 ? 1 : 2;

    /// <summary>How many letters have to be put in, taken away, changed, or swapped with their neighbour to make one text of the other.</summary>
    public static int Distance(string one, string other)
    {
        var costs = new int[one.Length + 1, other.Length + 1];
        for (var row = 0; row <= one.Length; row++)
        {
            for (var column = 0; column <= other.Length; column++)
            {
                costs[row, column] = row == 0 || column == 0 ? row + column : Cheapest(row, column);
            }
        }

        return costs[one.Length, other.Length];

        int Cheapest(int row, int column)
        {
            var change = costs[row - 1, column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
            var cheapest = Math.Min(change, 1 + Math.Min(costs[row - 1, column], costs[row, column - 1]));
            var isSwap = row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1];
            return isSwap ? Math.Min(cheapest, costs[row - 2, column - 2] + 1) : cheapest;
        }
    }
}
