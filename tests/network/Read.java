/* A client that waits in read(), as JDBC drivers do. */
import java.net.Socket;

public class Read {
	public static void main(String[] arguments) throws Exception {
		try (Socket line = new Socket(arguments[0], Integer.parseInt(arguments[1]))) {
			System.out.println("connected");
			line.getInputStream().read();
		}
	}
}
